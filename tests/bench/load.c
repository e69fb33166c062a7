/* The load of the measured job: one thread, epoll, nothing but libc.
 *
 *   load echo|fanout|connect --port N --path P --count N --join T --joined T ...
 *
 * echo     each of N sockets keeps --window messages in flight
 * fanout   N sockets listen, one more publishes with --window broadcasts in flight
 * connect  opens and joins N sockets, holds them for --hold seconds
 *
 * A message is a template: %n is its number, %b the body, all else literal. What comes back
 * must equal, byte for byte, the template of the answer with the number that is next in turn, so a
 * wrong, lost, doubled or misplaced answer ends the run: a sentence on stderr, exit status 1.
 * A flawless run prints its figures as one line of JSON and exits with 0.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { FIRST = 2 }; /* number of the first message; the join before it is number 1 */
enum { SPACE = 1 << 20, MOST_PARTS = 8, AT_ONCE = 32, PATIENCE = 15, SLOWEST = 1000000 };
enum opcode { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

/* RFC 6455 §1.3 has this key and what a server makes of it */
static const char KEY[] = "dGhlIHNhbXBsZSBub25jZQ==", ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

typedef struct {
  char *part[MOST_PARTS]; /* a number stands between two parts */
  size_t length[MOST_PARTS];
  int parts;
} Template;

typedef enum { UPGRADING, JOINING, JOINED, CLOSING, CLOSED } State;

typedef struct {
  int fd, publishes, blocked;
  State state;
  uint64_t sent, answered, received; /* numbers of the latest message, answer, broadcast */
  uint64_t opened, *sent_at;
  char *out, *rest; /* what the kernel did not take yet; the begin of an unfinished frame */
  size_t out_length, out_space, rest_length, rest_space;
} Socket;

typedef struct { double clock, server, load, waited; } Moment;

static const char *path = "/";
static int opens_only, fans_out, port, count = 1, window = 1, pid, body = 64;
static double warmup = 0.5, seconds = 1, hold;
static Template join, joined, message, answer, broadcast;

static int epoll, sockets, opening, ready, closed, sending;
static Socket *all, *publisher;
static uint64_t now, progress, operations, in_flight, *left;
static uint32_t took[SLOWEST + 1]; /* operations by their latency in µs */
static char inbox[SPACE], made[SPACE];

static void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(1);
}

static void *need(void *memory) {
  if (!memory) fail("out of memory");
  return memory;
}

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t)) return 0;
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ------------------------------------------------------------------------- templates */

static void add_part(Template *t, const char *text, size_t length) {
  if (t->parts == MOST_PARTS) fail("a template has at most %d parts", MOST_PARTS);
  t->part[t->parts] = need(strndup(text, length));
  t->length[t->parts++] = length;
}

static Template parse(const char *source) {
  Template t = {.parts = 0};
  size_t length = 0, total = 0;
  for (; *source; source++) {
    if (total > SPACE / 2) fail("a template is too long");
    if (!strncmp(source, "%n", 2)) {
      add_part(&t, made, length);
      length = 0;
      source++;
    } else if (!strncmp(source, "%b", 2)) {
      for (int i = 0; i < body; i++) made[length++] = (char)('a' + i % 26);
      total += (size_t)body;
      source++;
    } else {
      made[length++] = *source;
      total++;
    }
  }
  add_part(&t, made, length);
  return t;
}

static size_t make(const Template *t, uint64_t number) { /* into `made`, unless it is there */
  static const Template *latest;
  static uint64_t latest_number;
  static size_t length;
  if (latest == t && latest_number == number) return length;
  char digits[20], *first = digits + sizeof digits, *end = made;
  uint64_t rest = number;
  do *--first = (char)('0' + rest % 10);
  while (rest /= 10);
  for (int i = 0; i < t->parts; i++) {
    if (i) end = mempcpy(end, first, (size_t)(digits + sizeof digits - first));
    end = mempcpy(end, t->part[i], t->length[i]);
  }
  latest = t, latest_number = number;
  return length = (size_t)(end - made);
}

static int equals(const Template *t, uint64_t number, const char *text, size_t length) {
  return t->parts && make(t, number) == length && !memcmp(made, text, length);
}

/* --------------------------------------------------------------------------- sending */

static void watch(Socket *s, int blocked) {
  struct epoll_event event = {.events = EPOLLIN | (blocked ? EPOLLOUT : 0), .data.ptr = s};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, s->fd, &event)) fail("epoll_ctl: %s", strerror(errno));
  s->blocked = blocked;
}

static void flush(Socket *s) {
  while (s->out_length) {
    ssize_t taken = send(s->fd, s->out, s->out_length, MSG_NOSIGNAL);
    if (taken < 0 && errno == EAGAIN) break;
    if (taken < 0) fail("cannot send: %s", strerror(errno));
    s->out_length -= (size_t)taken;
    memmove(s->out, s->out + taken, s->out_length);
  }
  if (s->blocked != (s->out_length > 0)) watch(s, s->out_length > 0);
}

static char *room(char **buffer, size_t *space, size_t wanted) {
  if (wanted > *space) *buffer = need(realloc(*buffer, *space = wanted * 2));
  return *buffer;
}

static void append_frame(Socket *s, enum opcode opcode, const char *payload, size_t length) {
  static uint32_t mask = 2463534242u;
  mask ^= mask << 13, mask ^= mask >> 17, mask ^= mask << 5;
  uint64_t twice = (uint64_t)mask << 32 | mask, eight;
  unsigned char head[14] = {(unsigned char)(0x80 | opcode)};
  int extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  head[1] = (unsigned char)(0x80 | (extended == 0 ? length : extended == 2 ? 126 : 127));
  for (int i = 0; i < extended; i++) head[2 + i] = (unsigned char)(length >> 8 * (extended - 1 - i));
  memcpy(head + 2 + extended, &mask, 4);

  room(&s->out, &s->out_space, s->out_length + sizeof head + length + 8);
  char *out = mempcpy(s->out + s->out_length, head, (size_t)(6 + extended));
  for (size_t i = 0; i < length; i += 8) { /* may mask up to 7 bytes of rubbish behind the end */
    memcpy(&eight, payload + i, 8);
    eight ^= twice;
    memcpy(out + i, &eight, 8);
  }
  s->out_length += 6 + (size_t)extended + length;
}

static void send_message(Socket *s) {
  uint64_t number = ++s->sent;
  append_frame(s, TEXT, made, make(&message, number));
  in_flight++;
  s->sent_at[number % (uint64_t)window] = nanoseconds(CLOCK_MONOTONIC);
  if (s->publishes) left[number % (uint64_t)window] = (uint64_t)count + 2; /* and its own, and the answer */
}

/* ------------------------------------------------------------------------- receiving */

static void record(uint64_t since) {
  uint64_t microseconds = (now - since) / 1000;
  took[microseconds < SLOWEST ? microseconds : SLOWEST]++;
  operations++;
}

static void one_less(uint64_t number) { /* of the deliveries that a broadcast still has to make */
  if (--left[number % (uint64_t)window]) return;
  in_flight--;
  if (sending) send_message(publisher);
}

static void on_joined(Socket *s) {
  s->state = JOINED;
  opening--, ready++;
  if (opens_only) record(s->opened);
}

static void on_text(Socket *s, const char *text, size_t length) {
  int shown = length < 300 ? (int)length : 300;
  if (s->state == JOINING && equals(&joined, 1, text, length)) {
    on_joined(s);
  } else if (s->state == JOINED && s->answered < s->sent && equals(&answer, s->answered + 1, text, length)) {
    s->answered++;
    if (s->publishes) {
      one_less(s->answered);
    } else {
      record(s->sent_at[s->answered % (uint64_t)window]);
      in_flight--;
      if (sending) send_message(s);
    }
  } else if (s->state == JOINED && publisher && s->received < publisher->sent &&
             equals(&broadcast, s->received + 1, text, length)) {
    s->received++;
    if (!s->publishes) record(publisher->sent_at[s->received % (uint64_t)window]);
    one_less(s->received);
  } else if (s->state == JOINING) {
    fail("expected the join's answer, got: %.*s", shown, text);
  } else {
    fail("unexpected after answer %llu and broadcast %llu: %.*s", (unsigned long long)s->answered,
         (unsigned long long)s->received, shown, text);
  }
}

static void on_frame(Socket *s, unsigned char first, const char *payload, size_t length) {
  switch (first) {
  case 0x80 | TEXT: on_text(s, payload, length); break;
  case 0x80 | PING: append_frame(s, PONG, payload, length); break;
  case 0x80 | CLOSE:
    if (s->state != CLOSING)
      fail("closed by the server: %.*s", length > 2 ? (int)length - 2 : 0, payload + 2);
    break;
  default: fail("unexpected frame, first byte 0x%02x", first);
  }
}

static size_t take_frame(Socket *s, const char *bytes, size_t length) { /* 0: not whole yet */
  const unsigned char *head = (const unsigned char *)bytes;
  if (length < 2) return 0;
  if (head[1] & 0x80) fail("the server masks its frames");
  size_t start = head[1] < 126 ? 2 : head[1] == 126 ? 4 : 10, size = head[1];
  if (length < start) return 0;
  if (start > 2) size = 0;
  for (size_t i = 2; i < start; i++) size = size << 8 | head[i];
  if (size > SPACE / 2) fail("a frame of %zu bytes", size);
  if (length < start + size) return 0;
  on_frame(s, head[0], bytes + start, size);
  return start + size;
}

static size_t take_upgrade(Socket *s, const char *bytes, size_t length) {
  char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t size = (size_t)(end - bytes) + 4;
  if (strncmp(bytes, "HTTP/1.1 101", 12) || !memmem(bytes, size, ACCEPT, strlen(ACCEPT)))
    fail("not upgraded: %.*s", (int)size, bytes);
  s->state = JOINING;
  append_frame(s, TEXT, made, make(&join, 1));
  return size;
}

static void on_end(Socket *s, int error) {
  if (s->state != CLOSING) fail("connection lost: %s", error ? strerror(error) : "end of stream");
  close(s->fd);
  s->state = CLOSED;
  closed++;
}

static void on_readable(Socket *s) {
  memcpy(inbox, s->rest, s->rest_length);
  ssize_t got = recv(s->fd, inbox + s->rest_length, SPACE - s->rest_length - 8, 0);
  if (got < 0 && errno == EAGAIN) return;
  now = nanoseconds(CLOCK_MONOTONIC);
  progress = now;
  if (got <= 0) return on_end(s, got ? errno : 0);
  size_t length = s->rest_length + (size_t)got, done = 0, taken;
  do {
    taken = (s->state == UPGRADING ? take_upgrade : take_frame)(s, inbox + done, length - done);
    done += taken;
  } while (taken);
  s->rest_length = length - done;
  if (s->rest_length)
    memcpy(room(&s->rest, &s->rest_space, s->rest_length), inbox + done, s->rest_length);
  flush(s);
  if (publisher) flush(publisher);
}

/* ------------------------------------------------------------------------- the phases */

static void pump(void) {
  struct epoll_event events[256];
  int happened = epoll_wait(epoll, events, 256, 20);
  if (happened < 0 && errno != EINTR) fail("epoll_wait: %s", strerror(errno));
  for (int i = 0; i < happened; i++) {
    Socket *s = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) flush(s);
    if (events[i].events & ~(uint32_t)EPOLLOUT) on_readable(s);
  }
  now = nanoseconds(CLOCK_MONOTONIC);
  if (progress && now - progress > PATIENCE * 1000000000ull)
    fail("nothing came for %d s: %d of %d joined, %llu in flight", PATIENCE, ready, sockets,
         (unsigned long long)in_flight);
}

static void pump_for(double duration) {
  uint64_t end = nanoseconds(CLOCK_MONOTONIC) + (uint64_t)(duration * 1e9);
  do pump();
  while (now < end);
}

static void open_socket(Socket *s) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int yes = 1;
  s->opened = nanoseconds(CLOCK_MONOTONIC);
  s->sent = s->answered = s->received = FIRST - 1;
  s->sent_at = need(calloc((size_t)window, sizeof *s->sent_at));
  s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&address, sizeof address))
    fail("cannot connect to port %d: %s", port, strerror(errno));
  fcntl(s->fd, F_SETFL, O_NONBLOCK);
  setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &event)) fail("epoll_ctl: %s", strerror(errno));
  s->out_length = (size_t)snprintf(
      room(&s->out, &s->out_space, 512 + strlen(path)), 512 + strlen(path),
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
      path, port, KEY);
  flush(s);
}

static void open_all(void) {
  progress = nanoseconds(CLOCK_MONOTONIC);
  for (int next = 0; ready < sockets; pump())
    for (; next < sockets && opening < AT_ONCE; next++, opening++) open_socket(&all[next]);
}

static void start_sending(void) {
  sending = 1;
  for (int i = 0; i < sockets; i++) {
    if (publisher && !all[i].publishes) continue;
    for (int w = 0; w < window; w++) send_message(&all[i]);
    flush(&all[i]);
  }
}

static void close_all(void) {
  progress = nanoseconds(CLOCK_MONOTONIC);
  for (int i = 0; i < sockets; i++) {
    append_frame(&all[i], CLOSE, "\x03\xe8\0\0\0\0\0", 2); /* 1000, and what masking by eights reads */
    all[i].state = CLOSING;
    flush(&all[i]);
  }
  while (closed < sockets) pump();
}

/* -------------------------------------------------------------------------- measuring */

static double waited(int process) { /* seconds that it could have run but had no core */
  char name[64];
  unsigned long long delay = 0;
  snprintf(name, sizeof name, "/proc/%d/schedstat", process);
  FILE *file = fopen(name, "r");
  if (!file) return 0;
  if (fscanf(file, "%*u %llu", &delay) != 1) delay = 0;
  fclose(file);
  return (double)delay / 1e9;
}

static long resident_kib(void) {
  char name[64];
  long resident = 0;
  snprintf(name, sizeof name, "/proc/%d/statm", pid);
  FILE *file = fopen(name, "r");
  if (!file) return 0;
  if (fscanf(file, "%*d %ld", &resident) != 1) resident = 0;
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static Moment moment(void) {
  clockid_t server;
  Moment m = {.clock = (double)nanoseconds(CLOCK_MONOTONIC) / 1e9,
              .load = (double)nanoseconds(CLOCK_PROCESS_CPUTIME_ID) / 1e9,
              .waited = waited(pid) + waited(getpid())};
  if (pid && !clock_getcpuclockid(pid, &server)) m.server = (double)nanoseconds(server) / 1e9;
  return m;
}

static int latency(double share) { /* µs that this share of the answers took at most */
  double below = 0;
  for (int i = 0; i < SLOWEST; i++)
    if ((below += took[i]) >= share * (double)operations) return i;
  return SLOWEST;
}

static void forget(void) {
  operations = 0;
  memset(took, 0, sizeof took);
}

static void report(Moment begin, Moment end, long before_kib, long after_kib) {
  double taken = end.clock - begin.clock, server = end.server - begin.server, load = end.load - begin.load;
  if (!operations) fail("nothing was measured in %.3f s", taken);
  printf("{\"ops\":%llu,\"seconds\":%.4f,\"rate\":%.1f,\"p50_us\":%d,\"p99_us\":%d,"
         "\"server_us\":%.3f,\"server_cpu\":%.3f,\"load_cpu\":%.3f,\"waited\":%.3f,"
         "\"rss_before_kib\":%ld,\"rss_kib\":%ld,\"errors\":0}\n",
         (unsigned long long)operations, taken, (double)operations / taken, latency(0.5), latency(0.99),
         server * 1e6 / (double)operations, server / taken, load / taken,
         (end.waited - begin.waited) / taken, before_kib, after_kib);
}

static void run(void) {
  long before_kib = resident_kib(), after_kib;
  Moment begin = moment(), end;
  open_all();
  if (opens_only) {
    end = moment();
    progress = 0; /* silence is what a held connection should hear */
    if (hold > 0) pump_for(hold);
    after_kib = resident_kib();
  } else {
    start_sending();
    pump_for(warmup);
    forget();
    begin = moment();
    pump_for(seconds);
    end = moment();
    after_kib = resident_kib();
  }
  uint64_t measured = operations;
  for (sending = 0; in_flight;) pump();
  operations = measured;
  close_all();
  report(begin, end, before_kib, after_kib);
}

/* --------------------------------------------------------------------------- options */

static void options(int given, char **words) {
  struct { const char *name; const char **text; int *whole; double *real; Template *template; } known[] = {
      {"--path", .text = &path},         {"--port", .whole = &port},
      {"--count", .whole = &count},      {"--window", .whole = &window},
      {"--pid", .whole = &pid},          {"--body", .whole = &body},
      {"--warmup", .real = &warmup},     {"--seconds", .real = &seconds},
      {"--hold", .real = &hold},         {"--join", .template = &join},
      {"--joined", .template = &joined}, {"--message", .template = &message},
      {"--answer", .template = &answer}, {"--broadcast", .template = &broadcast},
  };
  const char *mode = given > 1 ? words[1] : "";
  opens_only = !strcmp(mode, "connect");
  fans_out = !strcmp(mode, "fanout");
  if (!opens_only && !fans_out && strcmp(mode, "echo")) fail("load echo|fanout|connect --port N ...");
  for (int templates = 0; templates < 2; templates++) /* they need --body, wherever it stands */
    for (int i = 2; i < given; i += 2) {
      size_t k = 0, end = sizeof known / sizeof *known;
      while (k < end && strcmp(known[k].name, words[i])) k++;
      if (k == end || i + 1 == given) fail("unknown option, or no value for it: %s", words[i]);
      if (known[k].text) *known[k].text = words[i + 1];
      if (known[k].whole) *known[k].whole = atoi(words[i + 1]);
      if (known[k].real) *known[k].real = atof(words[i + 1]);
      if (templates && known[k].template) *known[k].template = parse(words[i + 1]);
    }
}

int main(int given, char **words) {
  struct rlimit files;
  options(given, words);
  if (count < 1 || window < 1 || body < 0 || body > SPACE / 4) fail("count, window or body is out of range");
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  sockets = count + fans_out;
  all = need(calloc((size_t)sockets, sizeof *all));
  if (fans_out) {
    left = need(calloc((size_t)window, sizeof *left));
    publisher = &all[count];
    publisher->publishes = 1;
  }
  alarm((unsigned)(warmup + seconds + hold) + 8 * PATIENCE);
  run();
  return 0;
}
