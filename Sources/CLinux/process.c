#include "CLinux.h"

#include <linux/close_range.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

// Everything below runs between clone and execve in a child that shares the parent's memory:
// system calls only, no allocation, no locks.

static int fail(struct lab_process_failure *failure, enum lab_process_stage stage) {
    failure->stage = stage;
    failure->error = errno;
    return -1;
}

static int enter_mount_namespace(const struct lab_process *p, struct lab_process_failure *failure) {
    if (p->mount_namespace == LAB_KEEP) return 0;
    if (p->mount_namespace >= 0) {
        if (setns(p->mount_namespace, CLONE_NEWNS) < 0) return fail(failure, LAB_STAGE_MOUNT_NAMESPACE);
        return 0;
    }
    if (unshare(CLONE_NEWNS) < 0) return fail(failure, LAB_STAGE_MOUNT_NAMESPACE);
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return fail(failure, LAB_STAGE_MOUNT_NAMESPACE);
    // A copy of a namespace's mount would keep that namespace alive after it is removed.
    if (p->detach) umount2(p->detach, MNT_DETACH);
    for (size_t i = 0; i < p->mount_count; i++) {
        const struct lab_mount *m = &p->mounts[i];
        if (mount(m->source, m->target, m->type, m->flags, m->data) == 0) continue;
        if (m->optional && errno == ENOENT) continue;
        failure->mount_index = i;
        return fail(failure, LAB_STAGE_MOUNT);
    }
    return 0;
}

static int enter_host_name_namespace(const struct lab_process *p, struct lab_process_failure *failure) {
    if (p->host_name_namespace >= 0) {
        if (setns(p->host_name_namespace, CLONE_NEWUTS) < 0) return fail(failure, LAB_STAGE_HOST_NAME);
        return 0;
    }
    if (!p->host_name) return 0;
    if (unshare(CLONE_NEWUTS) < 0) return fail(failure, LAB_STAGE_HOST_NAME);
    if (sethostname(p->host_name, strlen(p->host_name)) < 0) return fail(failure, LAB_STAGE_HOST_NAME);
    return 0;
}

static int wire_standard_io(const struct lab_process *p, struct lab_process_failure *failure) {
    // Move the descriptors out of the way of 0-2 first, so that none is overwritten before its turn.
    int moved[3];
    for (int i = 0; i < 3; i++) {
        moved[i] = -1;
        if (p->standard_io[i] < 0) continue;
        moved[i] = fcntl(p->standard_io[i], F_DUPFD_CLOEXEC, 3);
        if (moved[i] < 0) return fail(failure, LAB_STAGE_STANDARD_IO);
    }
    for (int i = 0; i < 3; i++)
        if (moved[i] >= 0 && dup2(moved[i], i) < 0) return fail(failure, LAB_STAGE_STANDARD_IO);
    // Whatever else the parent holds stays with the parent.
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) < 0) return fail(failure, LAB_STAGE_STANDARD_IO);
    return 0;
}

// The table keeps its size when execve closes the descriptor. What fails here costs time later, no more.
static void make_room(int descriptors) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    if (limit.rlim_cur < (rlim_t)descriptors) descriptors = (int)limit.rlim_cur;
    fcntl(0, F_DUPFD_CLOEXEC, descriptors - 1);
}

static void become(const struct lab_process *p, struct lab_process_failure *failure) {
    if (p->death_signal && prctl(PR_SET_PDEATHSIG, p->death_signal) < 0) {
        fail(failure, LAB_STAGE_SESSION);
        return;
    }
    if (p->new_session && setsid() < 0) {
        fail(failure, LAB_STAGE_SESSION);
        return;
    }
    if (p->network_namespace >= 0 && setns(p->network_namespace, CLONE_NEWNET) < 0) {
        fail(failure, LAB_STAGE_NETWORK_NAMESPACE);
        return;
    }
    if (enter_host_name_namespace(p, failure) < 0) return;
    if (enter_mount_namespace(p, failure) < 0) return;
    if (wire_standard_io(p, failure) < 0) return;
    if (p->descriptors > 0) make_room(p->descriptors);
    if (p->controlling_terminal && ioctl(0, TIOCSCTTY, 0) < 0) {
        fail(failure, LAB_STAGE_SESSION);
        return;
    }
    if (p->directory && chdir(p->directory) < 0 && chdir("/") < 0) {
        fail(failure, LAB_STAGE_EXECUTE);
        return;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    // The first real error wins over "not found" further down the search path, as in execvp(3).
    int error = ENOENT;
    for (const char *const *path = p->candidates; *path; path++) {
        execve(*path, p->arguments, p->environment);
        if (errno != ENOENT && errno != ENOTDIR) error = errno;
    }
    errno = error;
    fail(failure, LAB_STAGE_EXECUTE);
}

void lab_execute(const struct lab_process *process, struct lab_process_failure *failure) {
    // setns and unshare of a mount namespace need a file system context that no other thread shares.
    if (unshare(CLONE_FS) < 0) {
        fail(failure, LAB_STAGE_MOUNT_NAMESPACE);
        return;
    }
    become(process, failure);
}

struct child {
    const struct lab_process *process;
    struct lab_process_failure *failure;
};

static int run_child(void *argument) {
    struct child *child = argument;
    // The child shares the parent's memory: signal handlers must not run in it. What the parent ignores would stay
    // ignored after execve: Ctrl-C and hanging up are to end a container's program.
    for (int s = 1; s < NSIG; s++) {
        struct sigaction action;
        if (sigaction(s, NULL, &action) == 0 && action.sa_handler != SIG_DFL) signal(s, SIG_DFL);
    }
    become(child->process, child->failure);
    _exit(127);
}

pid_t lab_spawn(const struct lab_process *process, int *pidfd, struct lab_process_failure *failure) {
    const size_t size = 256 * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return fail(failure, LAB_STAGE_CLONE);

    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct child child = {.process = process, .failure = failure};
    failure->stage = LAB_STAGE_NONE;
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    pid_t pid = clone(run_child, stack + size, flags, &child, pidfd);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, size);

    if (pid < 0) {
        errno = error;
        return fail(failure, LAB_STAGE_CLONE);
    }
    if (failure->stage != LAB_STAGE_NONE) {
        waitpid(pid, NULL, 0);
        close(*pidfd);
        return -1;
    }
    return pid;
}

int lab_open_terminal(int *primary, int *secondary) {
    int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return -1;
    int unlock = 0;
    int peer = -1;
    // The other end comes from this one, so that the mount of /dev/pts need not be the caller's.
    if (ioctl(fd, TIOCSPTLCK, &unlock) == 0) peer = ioctl(fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (peer < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *primary = fd;
    *secondary = peer;
    return 0;
}
