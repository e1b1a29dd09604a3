#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

// A veth whose far end is in a namespace that only a child process holds. The kernel takes namespaces down in batches, one
// after the other: all that have lost their last reference when the batch begins. When the near end vanishes, the batch
// with the child's namespace has begun.
static void add_canary(struct mnl_socket *socket, pid_t child) {
    char buffer[1024] = {0};
    struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = RTM_NEWLINK;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
    mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
    mnl_attr_put_strz(message, IFLA_IFNAME, "canary");
    struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
    struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
    struct nlattr *peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
    mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
    mnl_attr_put_u32(message, IFLA_NET_NS_PID, (uint32_t)child);
    mnl_attr_nest_end(message, peer);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, info);
    if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0) fail("add", "the canary");
    char answer[4096];
    ssize_t size = mnl_socket_recvfrom(socket, answer, sizeof answer);
    if (mnl_cb_run(answer, (size_t)size, 0, 0, NULL, NULL) < 0) fail("add", "the canary");
}

static void wait_for_loss(struct mnl_socket *events) {
    char answer[64 * 1024];
    while (if_nametoindex("canary") != 0) {
        if (mnl_socket_recvfrom(events, answer, sizeof answer) < 0 && errno != ENOBUFS) fail("wait for", "the canary");
    }
}

static void wait_for_batch(void) {
    int ready[2], done[2];
    if (pipe(ready) || pipe(done)) fail("open", "a pipe");
    pid_t child = fork();
    if (child < 0) fail("fork", "the canary");
    char byte = 0;
    if (child == 0) {
        close(done[1]);
        if (unshare(CLONE_NEWNET)) _exit(1);
        if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) < 0) _exit(1);
        _exit(0);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) fail("make", "a namespace");
    struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
    struct mnl_socket *events = mnl_socket_open(NETLINK_ROUTE);
    if (!socket || !events || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ||
        mnl_socket_bind(events, RTMGRP_LINK, MNL_SOCKET_AUTOPID)) {
        fail("open", "a netlink socket");
    }
    add_canary(socket, child);
    close(ready[0]);
    close(done[0]);
    close(done[1]);
    waitpid(child, NULL, 0);
    wait_for_loss(events);
    mnl_socket_close(socket);
    mnl_socket_close(events);
}

void settle(void) {
    // The first batch may hold namespaces that were removed before; the second begins when it has ended.
    wait_for_batch();
    wait_for_batch();
}
