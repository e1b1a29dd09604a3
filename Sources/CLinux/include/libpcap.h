// libpcap, loaded when a capture is first opened.
//
// Only captures need it, and it brings eight libraries of its own (D-Bus, systemd, compression ...), which the loader
// would map and relocate at every start of the program: a tenth of what `lab exec` may take.
#ifndef CLINUX_PCAP_H
#define CLINUX_PCAP_H

#include <pcap/pcap.h>

// Whether libpcap is there. Every other function here is to be called with a handle only, which nobody has without it.
int lab_pcap_is_available(void);

// pcap_create(3) and so on. Without libpcap, lab_pcap_create gives NULL and says so in `error`.
pcap_t *lab_pcap_create(const char *interface, char *error);
int lab_pcap_activate(pcap_t *p);
void lab_pcap_close(pcap_t *p);
int lab_pcap_set_snaplen(pcap_t *p, int value);
int lab_pcap_set_promisc(pcap_t *p, int value);
int lab_pcap_set_timeout(pcap_t *p, int value);
int lab_pcap_set_buffer_size(pcap_t *p, int value);
int lab_pcap_set_immediate_mode(pcap_t *p, int value);
int lab_pcap_set_tstamp_precision(pcap_t *p, int value);
int lab_pcap_setnonblock(pcap_t *p, int value, char *error);
int lab_pcap_datalink(pcap_t *p);
const char *lab_pcap_datalink_val_to_name(int value);
int lab_pcap_get_selectable_fd(pcap_t *p);
char *lab_pcap_geterr(pcap_t *p);
const char *lab_pcap_statustostr(int value);
int lab_pcap_stats(pcap_t *p, struct pcap_stat *s);
int lab_pcap_compile(pcap_t *p, struct bpf_program *program, const char *text, int optimize, bpf_u_int32 mask);
void lab_pcap_freecode(struct bpf_program *program);
int lab_pcap_dispatch(pcap_t *p, int count, pcap_handler handler, unsigned char *context);

#endif
