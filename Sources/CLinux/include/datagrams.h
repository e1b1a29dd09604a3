// Datagrams by the batch, answered from the address that each was sent to.
#ifndef CLINUX_DATAGRAMS_H
#define CLINUX_DATAGRAMS_H

#include <stddef.h>

// Room for some datagrams with the addresses of both ends.
struct lab_datagrams;

// Who sent a datagram and where to, as a reply needs it.
struct lab_datagram_ends {
    unsigned char address[28];   // sockaddr_in or sockaddr_in6
    unsigned address_length;
    unsigned char control[64];   // IP_PKTINFO or IPV6_PKTINFO
    size_t control_length;
};

// Room for `count` datagrams of at most `size` bytes; NULL where there is no memory for it.
struct lab_datagrams *lab_datagrams_create(unsigned count, size_t size);
void lab_datagrams_destroy(struct lab_datagrams *batch);

// Has a bound socket tell where datagrams were sent to (IP_PKTINFO, IPV6_RECVPKTINFO). Returns 0 or an errno.
int lab_datagrams_prepare(int socket, int family);

// Takes what has come, waiting for the first on a blocking socket (recvmmsg(2), MSG_WAITFORONE). After shutdown(2) it
// returns at once. Returns how many there are, or -1 with errno.
int lab_datagrams_receive(struct lab_datagrams *batch, int socket);

// A datagram's bytes, which an answer may replace, and how many there are; 0 where it was longer than there is room for.
unsigned char *lab_datagrams_bytes(const struct lab_datagrams *batch, unsigned index);
size_t lab_datagrams_length(const struct lab_datagrams *batch, unsigned index);
void lab_datagrams_get_ends(const struct lab_datagrams *batch, unsigned index, struct lab_datagram_ends *ends);

// Has the first `length` bytes sent back; 0 sends nothing.
void lab_datagrams_answer(struct lab_datagrams *batch, unsigned index, size_t length);

// Sends the answers (sendmmsg(2)). What the socket does not take at once is dropped. Returns how many were sent.
int lab_datagrams_send(struct lab_datagrams *batch, int socket);

// Sends one datagram back. Returns 0 or an errno.
int lab_datagram_reply(int socket, const struct lab_datagram_ends *ends, const void *bytes, size_t length);

// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int lab_accept(int socket);

#endif
