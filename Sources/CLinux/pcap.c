#include "CLinux.h"

#include <dlfcn.h>
#include <stdio.h>

static struct {
    pcap_t *(*create)(const char *interface, char *error);
    int (*activate)(pcap_t *p);
    void (*close)(pcap_t *p);
    int (*set_snaplen)(pcap_t *p, int value);
    int (*set_promisc)(pcap_t *p, int value);
    int (*set_timeout)(pcap_t *p, int value);
    int (*set_buffer_size)(pcap_t *p, int value);
    int (*set_immediate_mode)(pcap_t *p, int value);
    int (*set_tstamp_precision)(pcap_t *p, int value);
    int (*setnonblock)(pcap_t *p, int value, char *error);
    int (*datalink)(pcap_t *p);
    const char *(*datalink_val_to_name)(int value);
    int (*get_selectable_fd)(pcap_t *p);
    char *(*geterr)(pcap_t *p);
    const char *(*statustostr)(int value);
    int (*stats)(pcap_t *p, struct pcap_stat *s);
    int (*compile)(pcap_t *p, struct bpf_program *program, const char *text, int optimize, bpf_u_int32 mask);
    void (*freecode)(struct bpf_program *program);
    int (*dispatch)(pcap_t *p, int count, pcap_handler handler, unsigned char *context);
} pcap;

static int available;
static char reason[PCAP_ERRBUF_SIZE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    // Debian's name for it, and everybody else's.
    void *library = dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(reason, sizeof reason, "libpcap cannot be loaded: %s", dlerror());
        return;
    }
    const struct {
        const char *name;
        void **place;
    } functions[] = {
        {"pcap_create", (void **)&pcap.create},
        {"pcap_activate", (void **)&pcap.activate},
        {"pcap_close", (void **)&pcap.close},
        {"pcap_set_snaplen", (void **)&pcap.set_snaplen},
        {"pcap_set_promisc", (void **)&pcap.set_promisc},
        {"pcap_set_timeout", (void **)&pcap.set_timeout},
        {"pcap_set_buffer_size", (void **)&pcap.set_buffer_size},
        {"pcap_set_immediate_mode", (void **)&pcap.set_immediate_mode},
        {"pcap_set_tstamp_precision", (void **)&pcap.set_tstamp_precision},
        {"pcap_setnonblock", (void **)&pcap.setnonblock},
        {"pcap_datalink", (void **)&pcap.datalink},
        {"pcap_datalink_val_to_name", (void **)&pcap.datalink_val_to_name},
        {"pcap_get_selectable_fd", (void **)&pcap.get_selectable_fd},
        {"pcap_geterr", (void **)&pcap.geterr},
        {"pcap_statustostr", (void **)&pcap.statustostr},
        {"pcap_stats", (void **)&pcap.stats},
        {"pcap_compile", (void **)&pcap.compile},
        {"pcap_freecode", (void **)&pcap.freecode},
        {"pcap_dispatch", (void **)&pcap.dispatch},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        *functions[i].place = dlsym(library, functions[i].name);
        if (*functions[i].place) continue;
        snprintf(reason, sizeof reason, "libpcap is too old: it has no %s", functions[i].name);
        return;
    }
    available = 1;
}

int lab_pcap_is_available(void) {
    pthread_once(&once, load);
    return available;
}

pcap_t *lab_pcap_create(const char *interface, char *error) {
    if (lab_pcap_is_available()) return pcap.create(interface, error);
    memcpy(error, reason, sizeof reason);
    return NULL;
}

int lab_pcap_activate(pcap_t *p) { return pcap.activate(p); }
void lab_pcap_close(pcap_t *p) { pcap.close(p); }
int lab_pcap_set_snaplen(pcap_t *p, int value) { return pcap.set_snaplen(p, value); }
int lab_pcap_set_promisc(pcap_t *p, int value) { return pcap.set_promisc(p, value); }
int lab_pcap_set_timeout(pcap_t *p, int value) { return pcap.set_timeout(p, value); }
int lab_pcap_set_buffer_size(pcap_t *p, int value) { return pcap.set_buffer_size(p, value); }
int lab_pcap_set_immediate_mode(pcap_t *p, int value) { return pcap.set_immediate_mode(p, value); }
int lab_pcap_set_tstamp_precision(pcap_t *p, int value) { return pcap.set_tstamp_precision(p, value); }
int lab_pcap_setnonblock(pcap_t *p, int value, char *error) { return pcap.setnonblock(p, value, error); }
int lab_pcap_datalink(pcap_t *p) { return pcap.datalink(p); }
const char *lab_pcap_datalink_val_to_name(int value) { return pcap.datalink_val_to_name(value); }
int lab_pcap_get_selectable_fd(pcap_t *p) { return pcap.get_selectable_fd(p); }
char *lab_pcap_geterr(pcap_t *p) { return pcap.geterr(p); }
const char *lab_pcap_statustostr(int value) { return pcap.statustostr(value); }
int lab_pcap_stats(pcap_t *p, struct pcap_stat *s) { return pcap.stats(p, s); }
int lab_pcap_compile(pcap_t *p, struct bpf_program *program, const char *text, int optimize, bpf_u_int32 mask) { return pcap.compile(p, program, text, optimize, mask); }
void lab_pcap_freecode(struct bpf_program *program) { pcap.freecode(program); }
int lab_pcap_dispatch(pcap_t *p, int count, pcap_handler handler, unsigned char *context) { return pcap.dispatch(p, count, handler, context); }
