// libcurl for Swift. `curl_easy_setopt` and its kin are variadic and read a type that depends on the option; Swift cannot
// call them, and a wrong width is a bug that works until it does not. So: one inline function for each C type.
#ifndef TOCSIN_CCURL_SHIM_H
#define TOCSIN_CCURL_SHIM_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

static inline CURLcode tocsin_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tocsin_set_offset(CURL *handle, CURLoption option, int64_t value) {
    return curl_easy_setopt(handle, option, (curl_off_t)value);
}

static inline CURLcode tocsin_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tocsin_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tocsin_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tocsin_set_share(CURL *handle, CURLSH *share) {
    return curl_easy_setopt(handle, CURLOPT_SHARE, share);
}

typedef size_t (*tocsin_data_callback)(char *data, size_t size, size_t count, void *context);

static inline CURLcode tocsin_set_data_callback(CURL *handle, CURLoption option, tocsin_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

typedef int (*tocsin_debug_callback)(CURL *handle, curl_infotype kind, char *data, size_t count, void *context);

// What comes and goes, as it is on the wire inside of TLS. Can be set while the transfer runs.
static inline CURLcode tocsin_set_debug(CURL *handle, tocsin_debug_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, callback);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L) : code;
}

// The address that libcurl is about to connect to is judged before the socket exists.
typedef int (*tocsin_address_callback)(void *context, const struct sockaddr *address);

struct tocsin_socket_guard {
    tocsin_address_callback judge;
    void *context;
};

static inline curl_socket_t tocsin_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct tocsin_socket_guard *guard = (struct tocsin_socket_guard *)context;
    if (guard && purpose == CURLSOCKTYPE_IPCXN && !guard->judge(guard->context, &address->addr)) {
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode tocsin_set_socket_guard(CURL *handle, struct tocsin_socket_guard *guard) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, tocsin_open_socket);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, guard);
}

// Called when a connection is there, a reused one too, before anything is sent on it.
typedef int (*tocsin_connection_callback)(void *context, char *peer, char *local, int peer_port, int local_port);

static inline CURLcode tocsin_set_connection_guard(CURL *handle, tocsin_connection_callback judge, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, judge);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
}

static inline CURLcode tocsin_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode tocsin_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode tocsin_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

static inline CURLSHcode tocsin_share_add(CURLSH *handle, curl_lock_data data) {
    return curl_share_setopt(handle, CURLSHOPT_SHARE, data);
}

static inline CURLcode tocsin_message_result(const CURLMsg *message) {
    return message->data.result;
}

static inline CURLcode tocsin_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
