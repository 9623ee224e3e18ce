/* The floor: the same bytes to as many connections, one send() each, and nothing else at all.

   Orders come by the line: "<ticks> <changes in each> <microseconds between>". The answer is one
   line: the number of the first change, then for each tick the monotonic clock in nanoseconds.
   The payload has two numbers of seven digits, at the offsets of the command line. Blocking sends:
   a reader that is late costs time, not CPU. It ends with its input. */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 8192

static int sockets[MOST], count;
static char payload[65536];

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void number(char *place, long value) {
  char digits[8];
  snprintf(digits, sizeof digits, "%07ld", value % 10000000);
  memcpy(place, digits, 7);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  long after = atol(argv[1]), seq = atol(argv[2]), size = atol(argv[3]), last = 1000000;
  if (fread(payload, 1, size, stdin) != (size_t)size) return 2;

  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof here;
  if (bind(listener, (void *)&here, length) || listen(listener, 2048)) return 1;
  getsockname(listener, (void *)&here, &length);
  printf("{\"port\": %d}\n", ntohs(here.sin_port));
  fflush(stdout);

  struct pollfd waits[2] = {{listener, POLLIN, 0}, {0, POLLIN, 0}};
  char line[256];
  setvbuf(stdin, NULL, _IONBF, 0);
  alarm(240);
  while (poll(waits, 2, -1) > 0) {
    if (waits[0].revents & POLLIN && count < MOST) {
      int one = 1, taken = accept(listener, NULL, NULL);
      setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      sockets[count++] = taken;
    }
    if (!(waits[1].revents & (POLLIN | POLLHUP))) continue;
    if (!fgets(line, sizeof line, stdin)) return 0;
    long ticks, changes, gap;
    if (sscanf(line, "%ld %ld %ld", &ticks, &changes, &gap) != 3) return 2;
    printf("[%ld", last + 1);
    long long began = now();
    for (long tick = 0; tick < ticks; tick++) {
      long long wait = began + tick * gap * 1000LL - now();
      if (wait > 0) {
        struct timespec t = {wait / 1000000000LL, wait % 1000000000LL};
        nanosleep(&t, NULL);
      }
      printf(", %lld", now());
      for (long change = 0; change < changes; change++) {
        number(payload + after, last);
        number(payload + seq, ++last);
        for (int each = 0; each < count; each++) send(sockets[each], payload, size, MSG_NOSIGNAL);
      }
    }
    printf("]\n");
    fflush(stdout);
  }
  return 0;
}
