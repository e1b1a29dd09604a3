#include "CLinux.h"

struct slot {
    struct sockaddr_storage address;
    _Alignas(struct cmsghdr) unsigned char control[64];
    struct iovec part;
};

struct lab_datagrams {
    unsigned count;
    unsigned answers;
    size_t size;
    unsigned char *bytes;
    struct slot *slots;
    struct mmsghdr *received;
    struct mmsghdr *sent;
};

struct lab_datagrams *lab_datagrams_create(unsigned count, size_t size) {
    struct lab_datagrams *batch = calloc(1, sizeof *batch);
    if (!batch) return NULL;
    batch->count = count;
    batch->size = size;
    batch->bytes = calloc(count, size);
    batch->slots = calloc(count, sizeof *batch->slots);
    batch->received = calloc(count, sizeof *batch->received);
    batch->sent = calloc(count, sizeof *batch->sent);
    if (batch->bytes && batch->slots && batch->received && batch->sent) return batch;
    lab_datagrams_destroy(batch);
    return NULL;
}

void lab_datagrams_destroy(struct lab_datagrams *batch) {
    free(batch->bytes);
    free(batch->slots);
    free(batch->received);
    free(batch->sent);
    free(batch);
}

int lab_datagrams_prepare(int socket, int family) {
    int on = 1;
    int status = family == AF_INET6 ? setsockopt(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on)
                                    : setsockopt(socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    return status < 0 ? errno : 0;
}

int lab_datagrams_receive(struct lab_datagrams *batch, int socket) {
    for (unsigned index = 0; index < batch->count; index++) {
        struct slot *slot = &batch->slots[index];
        slot->part = (struct iovec){batch->bytes + index * batch->size, batch->size};
        batch->received[index].msg_hdr = (struct msghdr){
            .msg_name = &slot->address,
            .msg_namelen = sizeof slot->address,
            .msg_iov = &slot->part,
            .msg_iovlen = 1,
            .msg_control = slot->control,
            .msg_controllen = sizeof slot->control,
        };
    }
    batch->answers = 0;
    return recvmmsg(socket, batch->received, batch->count, MSG_WAITFORONE, NULL);
}

unsigned char *lab_datagrams_bytes(const struct lab_datagrams *batch, unsigned index) {
    return batch->bytes + index * batch->size;
}

size_t lab_datagrams_length(const struct lab_datagrams *batch, unsigned index) {
    return batch->received[index].msg_hdr.msg_flags & MSG_TRUNC ? 0 : batch->received[index].msg_len;
}

// What was told about where a datagram was sent to becomes where its answer is sent from. The interface is left to
// the routes, but for link-local addresses, which mean nothing without it.
static void answer_from(struct msghdr *message) {
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo *information = (struct in_pktinfo *)CMSG_DATA(header);
            information->ipi_ifindex = 0;
        } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo *information = (struct in6_pktinfo *)CMSG_DATA(header);
            if (!IN6_IS_ADDR_LINKLOCAL(&information->ipi6_addr)) information->ipi6_ifindex = 0;
        }
    }
}

void lab_datagrams_get_ends(const struct lab_datagrams *batch, unsigned index, struct lab_datagram_ends *ends) {
    const struct msghdr *message = &batch->received[index].msg_hdr;
    memset(ends, 0, sizeof *ends);
    if (message->msg_namelen > sizeof ends->address || message->msg_controllen > sizeof ends->control) return;
    ends->address_length = message->msg_namelen;
    memcpy(ends->address, message->msg_name, message->msg_namelen);
    ends->control_length = message->msg_controllen;
    memcpy(ends->control, message->msg_control, message->msg_controllen);
}

void lab_datagrams_answer(struct lab_datagrams *batch, unsigned index, size_t length) {
    if (length == 0 || length > batch->size) return;
    struct msghdr *answer = &batch->sent[batch->answers++].msg_hdr;
    *answer = batch->received[index].msg_hdr;
    answer->msg_flags = 0;
    answer->msg_iov->iov_len = length;
    answer_from(answer);
}

int lab_datagrams_send(struct lab_datagrams *batch, int socket) {
    unsigned done = 0;
    int sent = 0;
    while (done < batch->answers) {
        int count = sendmmsg(socket, batch->sent + done, batch->answers - done, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count > 0) {
            sent += count;
            done += (unsigned)count;
        } else if (errno != EINTR) {
            done++;
        }
    }
    batch->answers = 0;
    return sent;
}

int lab_datagram_reply(int socket, const struct lab_datagram_ends *ends, const void *bytes, size_t length) {
    struct sockaddr_storage address;
    _Alignas(struct cmsghdr) unsigned char control[64];
    memcpy(&address, ends->address, sizeof ends->address);
    memcpy(control, ends->control, sizeof ends->control);
    struct iovec part = {(void *)bytes, length};
    struct msghdr message = {
        .msg_name = &address,
        .msg_namelen = ends->address_length,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = ends->control_length,
    };
    answer_from(&message);
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

int lab_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
