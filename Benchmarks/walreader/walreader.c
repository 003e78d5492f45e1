// The fastest way to read a logical replication stream that we know: the yardstick of the drain benchmark.
//
// It starts pgoutput on a slot and counts row changes, nothing more. It reads as Tailrace does when it is far behind:
// through a small receive window that stays closed for some milliseconds at a time, so that the server's messages join in
// its send queue instead of each becoming a packet (Sources/PostgresCapture/Stream/ReceiveWindow.swift). Usage: walreader SLOT PUBLICATION EXPECTED; the connection comes from libpq's environment variables.
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { bufferSize = 8 << 20, readSize = 1 << 20, pieceSize = 16 << 10, window = 48 << 10 };

static uint32_t big32(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void fail(const char *what) {
    fprintf(stderr, "walreader: %s\n", what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 4) fail("usage: walreader SLOT PUBLICATION EXPECTED");
    long expected = atol(argv[3]), changes = 0;
    const char *keys[] = {"dbname", "replication", "sslmode", "gssencmode", NULL};
    const char *values[] = {getenv("PGDATABASE"), "database", "disable", "disable", NULL};
    PGconn *connection = PQconnectdbParams(keys, values, 1);
    if (PQstatus(connection) != CONNECTION_OK) fail(PQerrorMessage(connection));

    // libpq is idle and its buffers are empty: from here the socket is read directly.
    char query[512];
    int length = snprintf(query + 5, sizeof query - 5,
                          "START_REPLICATION SLOT \"%s\" LOGICAL 0/0 (proto_version '1', publication_names '%s')",
                          argv[1], argv[2]) + 5;
    query[0] = 'Q';
    uint32_t size = __builtin_bswap32((uint32_t)length);  // type byte excluded, terminator included
    memcpy(query + 1, &size, 4);
    int fd = PQsocket(connection);
    int size_of_window = window;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size_of_window, sizeof size_of_window);
    if (write(fd, query, (size_t)length + 1) != length + 1) fail("the query could not be sent");

    static unsigned char buffer[bufferSize];
    size_t start = 0, end = 0, gathered = 0;
    long pauseNanos = 6000000;
    while (changes < expected) {
        if (start > 0) {
            memmove(buffer, buffer + start, end - start);
            end -= start;
            start = 0;
        }
        size_t room = bufferSize - end;
        ssize_t got = read(fd, buffer + end, room < readSize ? room : readSize);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd wait = {.fd = fd, .events = POLLIN};
            poll(&wait, 1, 10000);
            continue;
        }
        if (got <= 0) fail("the server closed the connection");
        end += (size_t)got;
        while (end - start >= 5) {
            size_t whole = 1 + big32(buffer + start + 1);
            if (end - start < whole) break;
            unsigned char *message = buffer + start;
            if (message[0] == 'E') fail("the server reported an error");
            if (message[0] == 'd' && whole > 30 && message[5] == 'w') {
                unsigned char kind = message[30];
                changes += kind == 'I' || kind == 'U' || kind == 'D';
            }
            start += whole;
        }
        gathered += (size_t)got;
        if (got < pieceSize) {
            if (gathered < 384 << 10 && pauseNanos < 40000000) pauseNanos += pauseNanos / 4;
            if (gathered > 768 << 10 && pauseNanos > 2000000) pauseNanos -= pauseNanos / 5;
            gathered = 0;
            struct timespec pause = {0, pauseNanos};
            nanosleep(&pause, NULL);
        }
    }
    printf("%ld\n", changes);
    return 0;
}
