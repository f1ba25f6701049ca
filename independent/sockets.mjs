// An echo server and a client of the package ws, with the proxy between them. The
// server's address is printed; the proxy's comes on standard input. Prints a line of
// JSON: what came back.
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: { threshold: 0 }, handleProtocols: (offered) => [...offered].at(-1) });
server.on("connection", (socket) => {
	socket.on("message", (data, binary) => {
		if (String(data) === "end") socket.close(4001, "as asked");
		else socket.send(data, { binary });
	});
});
server.on("listening", () => console.log(JSON.stringify({ port: server.address().port })));

for await (const proxy of createInterface({ input: process.stdin })) {
	const socket = new WebSocket(proxy.replace("http", "ws") + "/chat?room=1", ["one", "two"], { headers: { Authorization: "Bearer t" } });
	const messages = ["Grüße", "x".repeat(1 << 20), Buffer.from([0, 255, 10, 13])];
	const came = [];
	socket.on("open", () => messages.forEach((m) => socket.send(m)));
	socket.on("message", (data, binary) => {
		came.push(binary ? [...data] : data.length > 99 ? data.length : String(data));
		if (came.length === messages.length) socket.ping("still there");
	});
	socket.on("pong", (data) => {
		came.push("pong " + data);
		socket.send("end");
	});
	const ended = await new Promise((resolve) => {
		socket.on("close", (code, reason) => resolve([code, String(reason)]));
		socket.on("error", (err) => resolve([0, err.message]));
	});
	console.log(JSON.stringify({ protocol: socket.protocol, extensions: socket.extensions, came, ended }));
	break;
}
server.close();
