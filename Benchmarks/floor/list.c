#include "floor.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 12
#define INTERFACES 1100

// The interfaces that a namespace will have, in the order in which the list makes them.
struct interfaces {
    char *names[INTERFACES];
    int count;
};

static struct interfaces *known;
static int known_count;
static int first;

static struct interfaces *interfaces_of(int namespace) {
    if (namespace >= known_count) {
        known = realloc(known, (size_t)(namespace + 1) * sizeof *known);
        memset(known + known_count, 0, (size_t)(namespace + 1 - known_count) * sizeof *known);
        known_count = namespace + 1;
    }
    return &known[namespace];
}

static void will_have(int namespace, const char *name) {
    struct interfaces *all = interfaces_of(namespace);
    if (all->count < INTERFACES) all->names[all->count++] = strdup(name);
}

// The kernel counts upwards in each namespace; the loopback is 1.
static unsigned index_of(int namespace, const char *name) {
    struct interfaces *all = interfaces_of(namespace);
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->names[i], name) == 0) return (unsigned)(first + i);
    if (strcmp(name, "lo") == 0) return 1;
    fprintf(stderr, "floor: no interface %s in namespace %d\n", name, namespace);
    exit(1);
}

static void put_station(struct nlmsghdr *message, uint16_t type, const char *text) {
    unsigned parts[6];
    uint8_t bytes[6];
    if (sscanf(text, "%x:%x:%x:%x:%x:%x", parts, parts + 1, parts + 2, parts + 3, parts + 4, parts + 5) != 6) {
        fprintf(stderr, "floor: no Ethernet address: %s\n", text);
        exit(1);
    }
    for (int i = 0; i < 6; i++) bytes[i] = (uint8_t)parts[i];
    mnl_attr_put(message, type, 6, bytes);
}

static int put_address(struct nlmsghdr *message, uint16_t type, const char *text) {
    uint8_t bytes[16];
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(family, text, bytes) != 1) {
        fprintf(stderr, "floor: no address: %s\n", text);
        exit(1);
    }
    mnl_attr_put(message, type, family == AF_INET6 ? 16 : 4, bytes);
    return family;
}

static struct ifinfomsg *link_header(struct nlmsghdr *message, uint16_t type, uint16_t flags, int up) {
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | flags;
    struct ifinfomsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
    if (up) header->ifi_flags = header->ifi_change = IFF_UP;
    return header;
}

static void put_identity(struct nlmsghdr *message, const char *name, const char *station, const char *mtu) {
    mnl_attr_put_strz(message, IFLA_IFNAME, name);
    put_station(message, IFLA_ADDRESS, station);
    mnl_attr_put_u32(message, IFLA_MTU, (uint32_t)atoi(mtu));
}

// bridge NAMESPACE NAME STATION MTU
static void encode_bridge(struct nlmsghdr *message, int namespace, char **word) {
    link_header(message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 1);
    put_identity(message, word[2], word[3], word[4]);
    struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "bridge");
    struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
    mnl_attr_put_u32(message, IFLA_BR_FORWARD_DELAY, 0);
    mnl_attr_put_u32(message, IFLA_BR_STP_STATE, 0);
    mnl_attr_put_u8(message, IFLA_BR_MCAST_SNOOPING, 0);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, info);
    will_have(namespace, word[2]);
}

// vxlan NAMESPACE NAME STATION MTU IDENTIFIER LOCAL PORT
static void encode_vxlan(struct nlmsghdr *message, int namespace, char **word) {
    link_header(message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 1);
    put_identity(message, word[2], word[3], word[4]);
    struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "vxlan");
    struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
    mnl_attr_put_u32(message, IFLA_VXLAN_ID, (uint32_t)atoi(word[5]));
    put_address(message, strchr(word[6], ':') ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, word[6]);
    mnl_attr_put_u16(message, IFLA_VXLAN_PORT, htons((uint16_t)atoi(word[7])));
    mnl_attr_put_u8(message, IFLA_VXLAN_LEARNING, 0);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, info);
    will_have(namespace, word[2]);
}

static void put_single_queues(struct nlmsghdr *message) {
    mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 1);
    mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, 1);
}

// veth NAMESPACE PORT STATION MTU BRIDGE FAR INTERFACE STATION; the descriptor is filled in when it is known.
static size_t encode_veth(struct nlmsghdr *message, int namespace, int far, char **word) {
    link_header(message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 1);
    put_identity(message, word[2], word[3], word[4]);
    put_single_queues(message);
    mnl_attr_put_u32(message, IFLA_MASTER, index_of(namespace, word[5]));
    struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
    struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
    struct nlattr *peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
    mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
    put_identity(message, word[7], word[8], word[4]);
    put_single_queues(message);
    size_t at = message->nlmsg_len + MNL_ATTR_HDRLEN;
    mnl_attr_put_u32(message, IFLA_NET_NS_FD, 0);
    mnl_attr_nest_end(message, peer);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, info);
    will_have(namespace, word[2]);
    will_have(far, word[7]);
    return at;
}

static void encode_altname(struct nlmsghdr *message, char **word) {
    link_header(message, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL, 0);
    mnl_attr_put_strz(message, IFLA_IFNAME, word[2]);
    struct nlattr *names = mnl_attr_nest_start(message, IFLA_PROP_LIST);
    mnl_attr_put_strz(message, IFLA_ALT_IFNAME, word[3]);
    mnl_attr_nest_end(message, names);
}

// address NAMESPACE LINK ADDRESS LENGTH
static void encode_address(struct nlmsghdr *message, int namespace, char **word) {
    message->nlmsg_type = RTM_NEWADDR;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL;
    struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
    header->ifa_prefixlen = (uint8_t)atoi(word[4]);
    header->ifa_flags = IFA_F_NODAD;
    header->ifa_index = index_of(namespace, word[2]);
    header->ifa_family = (uint8_t)put_address(message, IFA_LOCAL, word[3]);
    put_address(message, IFA_ADDRESS, word[3]);
}

// route NAMESPACE DESTINATION LENGTH GATEWAY LINK ONLINK; a gateway of - is none
static void encode_route(struct nlmsghdr *message, int namespace, char **word) {
    message->nlmsg_type = RTM_NEWROUTE;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE;
    struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
    header->rtm_dst_len = (uint8_t)atoi(word[3]);
    header->rtm_table = RT_TABLE_MAIN;
    header->rtm_protocol = RTPROT_BOOT;
    header->rtm_type = RTN_UNICAST;
    header->rtm_flags = atoi(word[6]) ? RTNH_F_ONLINK : 0;
    if (strcmp(word[4], "-") != 0) {
        header->rtm_family = (uint8_t)put_address(message, RTA_GATEWAY, word[4]);
    } else {
        header->rtm_family = strchr(word[2], ':') ? AF_INET6 : AF_INET;
        header->rtm_scope = RT_SCOPE_LINK;
    }
    if (header->rtm_dst_len) put_address(message, RTA_DST, word[2]);
    mnl_attr_put_u32(message, RTA_OIF, index_of(namespace, word[5]));
}

// neighbor NAMESPACE LINK ADDRESS STATION, forwarding NAMESPACE LINK REMOTE STATION
static void encode_neighbor(struct nlmsghdr *message, int namespace, char **word, int forwarding) {
    message->nlmsg_type = RTM_NEWNEIGH;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE;
    struct ndmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
    header->ndm_ifindex = (int)index_of(namespace, word[2]);
    header->ndm_state = NUD_PERMANENT;
    header->ndm_family = (uint8_t)put_address(message, NDA_DST, word[3]);
    put_station(message, NDA_LLADDR, word[4]);
    if (forwarding) {
        header->ndm_family = AF_BRIDGE;
        header->ndm_flags = NTF_SELF;
    }
}

static void encode(struct operation *operation, char **word) {
    char buffer[4096] = {0};
    struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
    int namespace = operation->namespace;
    const char *verb = word[0];
    operation->kind = MESSAGE;
    if (strcmp(verb, "bridge") == 0) encode_bridge(message, namespace, word);
    else if (strcmp(verb, "vxlan") == 0) encode_vxlan(message, namespace, word);
    else if (strcmp(verb, "altname") == 0) encode_altname(message, word);
    else if (strcmp(verb, "address") == 0) encode_address(message, namespace, word);
    else if (strcmp(verb, "route") == 0) encode_route(message, namespace, word);
    else if (strcmp(verb, "neighbor") == 0) encode_neighbor(message, namespace, word, 0);
    else if (strcmp(verb, "forwarding") == 0) encode_neighbor(message, namespace, word, 1);
    else if (strcmp(verb, "up") == 0) {
        link_header(message, RTM_NEWLINK, 0, 1);
        mnl_attr_put_strz(message, IFLA_IFNAME, word[2]);
    } else if (strcmp(verb, "veth") == 0) {
        operation->kind = VETH;
        operation->far = atoi(word[6]);
        operation->descriptor_at = encode_veth(message, namespace, operation->far, word);
    } else {
        fprintf(stderr, "floor: unknown operation %s\n", verb);
        exit(1);
    }
    operation->size = MNL_ALIGN(message->nlmsg_len);
    operation->message = malloc(operation->size);
    memcpy(operation->message, buffer, operation->size);
}

static void add_sysctl(struct operation *namespace, char **word) {
    char path[256];
    snprintf(path, sizeof path, "/proc/sys/%s", word[2]);
    char *rest = strchr(path + strlen("/proc/sys/net/"), '/');
    if (!rest) {
        fprintf(stderr, "floor: no setting of a network namespace: %s\n", word[2]);
        exit(1);
    }
    *rest++ = '\0';
    namespace->sysctls = realloc(namespace->sysctls, (namespace->sysctl_count + 1) * sizeof *namespace->sysctls);
    namespace->sysctls[namespace->sysctl_count++] =
        (struct sysctl){
        .directory = strdup(path), .path = strdup(rest), .value = strdup(word[3]), .optional = atoi(word[4])};
}

struct list read_list(const char *path, const char *directory, int first_index) {
    FILE *file = fopen(path, "r");
    if (!file) fail("open", path);
    first = first_index;
    struct list list = {0};
    size_t room = 0;
    char line[1024];
    while (fgets(line, sizeof line, file)) {
        char *word[WORDS] = {0};
        int count = 0;
        for (char *next = strtok(line, " \n"); next && count < WORDS; next = strtok(NULL, " \n")) word[count++] = next;
        if (count < 3) continue;
        if (strcmp(word[0], "sysctl") == 0) {
            // It follows its namespace.
            add_sysctl(&list.operations[list.count - 1], word);
            continue;
        }
        if (list.count == room) {
            room = room ? room * 2 : 1024;
            list.operations = realloc(list.operations, room * sizeof *list.operations);
        }
        struct operation *operation = &list.operations[list.count++];
        *operation = (struct operation){.namespace = atoi(word[1])};
        if (strcmp(word[0], "namespace") == 0) {
            char target[512];
            snprintf(target, sizeof target, "%s/%s", directory, word[2]);
            operation->kind = NAMESPACE;
            operation->name = strdup(target);
            list.namespaces++;
        } else if (strcmp(word[0], "offload") == 0) {
            operation->kind = OFFLOAD;
            operation->name = strdup(word[2]);
        } else {
            encode(operation, word);
        }
    }
    fclose(file);
    return list;
}
