// The kernel and C library surface that lab uses, as one module.
//
// <netinet/in.h> and <net/if.h> come before every linux/ header: the kernel's headers then leave out
// the types that the C library has already defined.
#ifndef CLINUX_H
#define CLINUX_H

#include <netinet/in.h>
#include <net/if.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>

#include "capture.h"
#include "datagrams.h"
#include "libpcap.h"
#include "process.h"

// setns(2), unshare(2): need _GNU_SOURCE, which Swift's importer does not set.
int lab_enter_network(int fd);
int lab_unshare_network(void);
int lab_namespace_is_network(int fd);

// Whether a path is where something is mounted, as seen from here (statx(2), STATX_ATTR_MOUNT_ROOT, Linux 5.8).
int lab_is_mount_point(const char *path);

// capget(2): the effective capabilities of the calling thread, a bit each; none where they cannot be read.
uint64_t lab_effective_capabilities(void);

// pipe2(2) with O_CLOEXEC.
int lab_pipe(int descriptors[2]);

// A detached thread. Returns 0 or an errno.
int lab_start_thread(void (*body)(void *), void *context);

// pthread_setname_np(3) for the calling thread; at most 15 bytes.
void lab_name_thread(const char *name);

// pidfd_open(2), pidfd_send_signal(2), waitid(P_PIDFD).
int lab_pidfd_open(pid_t pid);
int lab_pidfd_send_signal(int pidfd, int signal);

// The exit status that waitid(2) reported, in a shell's terms: the program's own, or 128 and the signal.
int lab_exit_status(const siginfo_t *information);

// SIOCETHTOOL, ETHTOOL_GTXCSUM and ETHTOOL_STXCSUM; `ethtool -K DEV tx off`. Returns 0 or an errno.
int lab_set_tx_checksum(int socket, const char *interface, int enabled);
int lab_get_tx_checksum(int socket, const char *interface, int *enabled);

// A point just before the kernel is asked to change something. Where the environment holds
// LAB_FAULT_KILL_AFTER=n, the n-th such point of the process ends it with SIGKILL: the crash tests
// walk n over a whole run. LAB_FAULT_KILL_VERB=up (or supervise, down) spares processes of other verbs.
// Returns the number of points passed so far.
unsigned long lab_kernel_request(void);

// Whether a kill is to come: requests are then sent one by one, so that it can fall between any two.
int lab_fault_is_armed(void);

#endif
