using System.Net;
using System.Net.Sockets;

namespace RunLogs.Comparison.Api;

/// <summary>The API over plain HTTP/1.1, on bare sockets: far faster than whatever reads it.</summary>
internal sealed class PlainServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LogAnswers _logs;

    public PlainServer(LogAnswers logs)
    {
        _logs = logs;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog: 4096);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = await _listener.AcceptAsync(cancellationToken);
            socket.NoDelay = true;
            _ = new PlainConnection(socket, _logs).RunAsync(cancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();
}
