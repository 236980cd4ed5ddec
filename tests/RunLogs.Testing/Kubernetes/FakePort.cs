using System.Net;
using System.Net.Sockets;

namespace RunLogs.Testing.Kubernetes;

/// <summary>A port of the loopback as a client finds it.</summary>
internal static class FakePort
{
    /// <summary>Ends when nobody listens there.</summary>
    public static async Task ClosedAsync(int port)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
