#include "CLinux.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <sys/prctl.h>

int lab_capture_ignore_outgoing(int socket) {
    int on = 1;
    return setsockopt(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 ? errno : 0;
}

int lab_capture_attach_filter(int socket, const struct bpf_program *program) {
    _Static_assert(sizeof(struct sock_filter) == sizeof(struct bpf_insn), "one instruction format");
    if (program->bf_len > BPF_MAXINSNS) return E2BIG;
    struct sock_fprog filter = {
        .len = (unsigned short)program->bf_len,
        .filter = (struct sock_filter *)program->bf_insns,
    };
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ? errno : 0;
}

void lab_capture_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
