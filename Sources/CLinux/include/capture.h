// What packet capture needs of a packet socket besides libpcap.
#ifndef CLINUX_CAPTURE_H
#define CLINUX_CAPTURE_H

#include <poll.h>

struct bpf_program;

// setsockopt(PACKET_IGNORE_OUTGOING), packet(7): only packets that come in are captured. Returns 0 or an errno.
int lab_capture_ignore_outgoing(int socket);

// setsockopt(SO_ATTACH_FILTER): a filter that the kernel runs and libpcap knows nothing of, so that every packet
// that the kernel counts is one that libpcap hands over. Returns 0 or an errno.
int lab_capture_attach_filter(int socket, const struct bpf_program *program);

// prctl(PR_SET_NAME): the calling thread's name as /proc and debuggers show it; at most 15 bytes count.
void lab_capture_name_thread(const char *name);

#endif
