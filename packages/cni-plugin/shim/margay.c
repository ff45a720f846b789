/*
 * The CNI executable of a node: carries one call to the node agent's socket
 * and prints its answer. All logic is in the agent; src/protocol.ts describes
 * the frames. Nothing here allocates, and an interval timer bounds every wait.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PROTOCOL_VERSION 1
#define MAX_INPUT (1 << 20)
#define MAX_ENVIRONMENT (64 << 10)
#define MAX_REPLY (4 << 20)
#define DEFAULT_SOCKET "/run/margay/cni.sock"
/* An agent that works answers within its own policy timeout (10 s) and some seconds to undo things. */
#define DEFAULT_TIMEOUT_MS 30000

extern char **environ;

static const char *command;
static char cni_version[16]; /* the caller's, empty when it gave none */
static unsigned char request[4 + 1 + MAX_ENVIRONMENT + 1 + MAX_INPUT + 1];
static unsigned char reply[MAX_REPLY];

static int write_all(int fd, const void *bytes, size_t length)
{
	for (const char *at = bytes; length > 0;) {
		ssize_t done = write(fd, at, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		at += done;
		length -= done;
	}
	return 0;
}

/* Error JSON goes to stdout: the only place where libcni looks for it. */
static _Noreturn void fail(int code, const char *message, const char *details)
{
	char text[512], version[40] = "";
	if (cni_version[0])
		snprintf(version, sizeof version, "\"cniVersion\":\"%s\",", cni_version);
	int length = snprintf(text, sizeof text, "{%s\"code\":%d,\"msg\":\"%s\",\"details\":\"%s\"}\n", version, code, message, details);
	write_all(STDOUT_FILENO, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
	_exit(1);
}

/*
 * 11 is "try again later"; STATUS has 50, "not available". The text never says
 * "not found" or "no such file": container runtimes take a failed DEL with
 * those words for success, and the pod's address would stay allocated.
 */
static _Noreturn void unavailable(const char *details)
{
	fail(strcmp(command, "STATUS") == 0 ? 50 : 11, "the Margay agent of this node is not available", details);
}

static void on_timer(int signal)
{
	(void)signal;
	unavailable("the agent does not answer");
}

/* Reads to the end of the input; its length, or limit + 1 when there is more. */
static size_t read_input(unsigned char *into, size_t limit)
{
	size_t length = 0;
	while (length <= limit) {
		ssize_t got = read(STDIN_FILENO, into + length, limit + 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			fail(5, "cannot read the network configuration", "reading the standard input failed");
		if (got == 0)
			break;
		length += got;
	}
	return length;
}

/* The first "cniVersion": "<digits and dots>" of the input; libcni writes no other before it. */
static void find_version(const char *json)
{
	const char *at = strstr(json, "\"cniVersion\"");
	if (!at)
		return;
	at += strlen("\"cniVersion\"");
	at += strspn(at, " \t\r\n");
	if (*at++ != ':')
		return;
	at += strspn(at, " \t\r\n");
	if (*at++ != '"')
		return;
	size_t length = strspn(at, "0123456789.");
	if (at[length] == '"' && length < sizeof cni_version)
		memcpy(cni_version, at, length);
}

static void read_exactly(int fd, unsigned char *into, size_t length)
{
	while (length > 0) {
		ssize_t got = read(fd, into, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			unavailable("the agent closed the connection without an answer");
		into += got;
		length -= got;
	}
}

static int connect_agent(void)
{
	const char *path = getenv("MARGAY_CNI_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (!path || !*path)
		path = DEFAULT_SOCKET;
	if (strlen(path) >= sizeof address.sun_path)
		fail(4, "MARGAY_CNI_SOCKET is too long", "a socket path has at most 107 bytes");
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		char details[64];
		snprintf(details, sizeof details, "nothing listens on its socket (errno %d)", errno);
		unavailable(details);
	}
	return fd;
}

int main(void)
{
	command = getenv("CNI_COMMAND");
	if (!command || !*command) {
		const char usage[] = "Margay CNI plugin: run by a container runtime, not by hand\n"
				     "CNI protocol versions supported: 0.3.1, 0.4.0, 1.0.0, 1.1.0\n";
		write_all(STDERR_FILENO, usage, sizeof usage - 1);
		return 0;
	}
	const char *limit = getenv("MARGAY_CNI_TIMEOUT_MS");
	long milliseconds = limit ? atol(limit) : 0;
	if (milliseconds <= 0)
		milliseconds = DEFAULT_TIMEOUT_MS;
	struct itimerval timer = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000 } };
	signal(SIGALRM, on_timer);
	signal(SIGPIPE, SIG_IGN);
	setitimer(ITIMER_REAL, &timer, NULL);

	size_t length = 5;
	for (char **entry = environ; *entry; entry++) {
		size_t size = strlen(*entry) + 1;
		if (strncmp(*entry, "CNI_", 4) != 0)
			continue;
		if (length + size > 5 + MAX_ENVIRONMENT)
			fail(4, "the CNI environment variables are too long", "together they may have 64 KiB");
		memcpy(request + length, *entry, size);
		length += size;
	}
	request[length++] = 0;
	size_t input = read_input(request + length, MAX_INPUT);
	if (input > MAX_INPUT)
		fail(6, "the network configuration is too long", "it may have 1 MiB");
	request[length + input] = 0; /* ends the text for find_version; not sent */
	find_version((const char *)request + length);
	length += input;

	if (strcmp(command, "VERSION") == 0) {
		printf("{\"cniVersion\":\"%s\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n",
		       cni_version[0] ? cni_version : "1.1.0");
		return fflush(stdout) == 0 ? 0 : 1;
	}

	uint32_t rest = length - 4;
	for (int byte = 0; byte < 4; byte++)
		request[byte] = rest >> (24 - 8 * byte);
	request[4] = PROTOCOL_VERSION;
	int fd = connect_agent();
	if (write_all(fd, request, length) < 0)
		unavailable("the agent closed the connection");

	unsigned char head[6];
	read_exactly(fd, head, sizeof head);
	uint32_t size = (uint32_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
	if (head[4] != PROTOCOL_VERSION || size < 2 || size - 2 > MAX_REPLY)
		unavailable("the agent's answer is not of this plugin's protocol version");
	read_exactly(fd, reply, size - 2);
	if (write_all(STDOUT_FILENO, reply, size - 2) < 0)
		return 1;
	return head[5];
}
