#include "CLinux.h"

#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>

int lab_enter_network(int fd) { return setns(fd, CLONE_NEWNET); }

int lab_unshare_network(void) { return unshare(CLONE_NEWNET); }

int lab_namespace_is_network(int fd) { return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET; }

int lab_is_mount_point(const char *path) {
    struct statx status;
    if (statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, 0, &status) < 0) return 0;
    return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

uint64_t lab_effective_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) < 0) return 0;
    return (uint64_t)data[1].effective << 32 | data[0].effective;
}

int lab_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

struct thread_start {
    void (*body)(void *);
    void *context;
};

static void *run_thread(void *argument) {
    struct thread_start start = *(struct thread_start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int lab_start_thread(void (*body)(void *), void *context) {
    struct thread_start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct thread_start){body, context};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run_thread, start);
    if (error) {
        free(start);
        return error;
    }
    pthread_detach(thread);
    return 0;
}

void lab_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int lab_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int lab_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int lab_exit_status(const siginfo_t *information) {
    int status = information->si_status;
    return information->si_code == CLD_EXITED ? status : 128 + status;
}

static int ethtool(int socket, const char *interface, struct ethtool_value *value) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    if (strlen(interface) >= sizeof request.ifr_name) return ENAMETOOLONG;
    strcpy(request.ifr_name, interface);
    request.ifr_data = (void *)value;
    return ioctl(socket, SIOCETHTOOL, &request) < 0 ? errno : 0;
}

int lab_set_tx_checksum(int socket, const char *interface, int enabled) {
    struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = (unsigned)enabled};
    return ethtool(socket, interface, &value);
}

int lab_get_tx_checksum(int socket, const char *interface, int *enabled) {
    struct ethtool_value value = {.cmd = ETHTOOL_GTXCSUM};
    int error = ethtool(socket, interface, &value);
    if (error == 0) *enabled = value.data != 0;
    return error;
}

static atomic_ulong passed;
static unsigned long kill_after;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// Whether the process was started with the given first argument.
static int verb_is(const char *verb) {
    char line[4096];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, line, sizeof line - 1);
    close(file);
    if (count <= 0) return 0;
    line[count] = 0;
    size_t program = strlen(line);
    return program + 1 < (size_t)count && strcmp(line + program + 1, verb) == 0;
}

static void read_kill_after(void) {
    const char *text = getenv("LAB_FAULT_KILL_AFTER");
    const char *verb = getenv("LAB_FAULT_KILL_VERB");
    if (text && (!verb || verb_is(verb))) kill_after = strtoul(text, NULL, 10);
}

int lab_fault_is_armed(void) {
    pthread_once(&once, read_kill_after);
    return kill_after != 0;
}

unsigned long lab_kernel_request(void) {
    pthread_once(&once, read_kill_after);
    unsigned long now = atomic_fetch_add(&passed, 1) + 1;
    if (kill_after != 0 && now == kill_after) kill(getpid(), SIGKILL);
    return now;
}
