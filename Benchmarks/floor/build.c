#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#define DATAGRAM (32 * 1024)
// Directories of settings below /proc/sys/net, and a place that stays empty.
#define FAMILIES 8

// A namespace while it is being built, as the tool keeps it: a descriptor, a netlink socket, what waits to be sent.
struct session {
    int descriptor;
    struct mnl_socket *socket;
};

static struct session *sessions;
static uint8_t pending[DATAGRAM];
static size_t pending_size;
static struct nlmsghdr *last;
static int current = -1;
static int home;
static unsigned sequence;

void bind_new_namespace(const char *path) {
    if (unshare(CLONE_NEWNET)) fail("unshare for", path);
    int file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (file < 0) fail("create", path);
    close(file);
    if (mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL)) fail("mount", path);
}

static void flush(void) {
    if (pending_size == 0) return;
    struct mnl_socket *socket = sessions[current].socket;
    last->nlmsg_flags |= NLM_F_ACK;
    unsigned final = last->nlmsg_seq;
    if (mnl_socket_sendto(socket, pending, pending_size) < 0) fail("send to", "the kernel");
    pending_size = 0;
    char answer[64 * 1024];
    for (;;) {
        ssize_t size = mnl_socket_recvfrom(socket, answer, sizeof answer);
        if (size < 0) fail("hear from", "the kernel");
        int rest = (int)size;
        for (struct nlmsghdr *message = (void *)answer; mnl_nlmsg_ok(message, rest);
             message = mnl_nlmsg_next(message, &rest)) {
            if (message->nlmsg_type != NLMSG_ERROR) continue;
            const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
            if (error->error) {
                errno = -error->error;
                fail("carry out", "a request");
            }
            if (message->nlmsg_seq == final) return;
        }
    }
}

static void switch_to(int next) {
    if (current == next) return;
    flush();
    current = next;
}

static void queue(const struct operation *operation) {
    switch_to(operation->namespace);
    if (pending_size + operation->size > DATAGRAM) flush();
    last = (struct nlmsghdr *)(pending + pending_size);
    memcpy(last, operation->message, operation->size);
    last->nlmsg_seq = ++sequence;
    if (operation->kind == VETH) {
        memcpy((uint8_t *)last + operation->descriptor_at, &sessions[operation->far].descriptor, sizeof(int));
    }
    pending_size += operation->size;
}

static void write_sysctl(int directory, const struct sysctl *sysctl) {
    int file = openat(directory, sysctl->path, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        if (sysctl->optional) return;
        fail("open", sysctl->path);
    }
    size_t length = strlen(sysctl->value);
    if (write(file, sysctl->value, length) != (ssize_t)length && !sysctl->optional) fail("write", sysctl->path);
    close(file);
}

// The way to a directory of settings is walked once a namespace, as the tool does.
static void write_sysctls(const struct operation *operation) {
    const char *names[FAMILIES] = {0};
    int directories[FAMILIES];
    for (size_t i = 0; i < operation->sysctl_count; i++) {
        const struct sysctl *sysctl = &operation->sysctls[i];
        int place = 0;
        while (names[place] && strcmp(names[place], sysctl->directory) != 0) place++;
        if (!names[place]) {
            if (place == FAMILIES - 1) fail("keep open", sysctl->directory);
            names[place] = sysctl->directory;
            directories[place] = open(sysctl->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }
        write_sysctl(directories[place], sysctl);
    }
    for (int place = 0; names[place]; place++) close(directories[place]);
}

static void create(const struct operation *operation) {
    switch_to(-1);
    bind_new_namespace(operation->name);
    write_sysctls(operation);
    struct session *session = &sessions[operation->namespace];
    session->descriptor = open(operation->name, O_RDONLY | O_CLOEXEC);
    session->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (session->descriptor < 0 || !session->socket || mnl_socket_bind(session->socket, 0, MNL_SOCKET_AUTOPID)) {
        fail("open", operation->name);
    }
    if (setns(home, CLONE_NEWNET)) fail("return from", operation->name);
}

static void disable_offload(const struct operation *operation) {
    switch_to(-1);
    struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = 0};
    struct ifreq request = {.ifr_data = (void *)&value};
    strncpy(request.ifr_name, operation->name, IFNAMSIZ - 1);
    if (ioctl(mnl_socket_get_fd(sessions[operation->namespace].socket), SIOCETHTOOL, &request)) {
        fail("set the offload of", operation->name);
    }
}

void build(const struct list *list) {
    home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    sessions = calloc((size_t)list->namespaces, sizeof *sessions);
    if (home < 0 || !sessions) fail("open", "the own namespace");
    for (size_t i = 0; i < list->count; i++) {
        const struct operation *operation = &list->operations[i];
        switch (operation->kind) {
        case NAMESPACE: create(operation); break;
        case OFFLOAD: disable_offload(operation); break;
        case VETH:
        case MESSAGE: queue(operation); break;
        }
    }
    switch_to(-1);
    for (int i = 0; i < list->namespaces; i++) {
        close(sessions[i].descriptor);
        mnl_socket_close(sessions[i].socket);
    }
}
