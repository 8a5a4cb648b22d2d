using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Webhooks;

/// <summary>
/// Addresses of endpoints, half of which refuse connections, while the others accept them and never respond.
/// </summary>
internal sealed class DeadEndpoints : IDisposable
{
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private readonly int _closedPort = FreePort.Next();

    public DeadEndpoints()
    {
        _silent.Start();
        _ = AcceptAsync();
    }

    /// <summary>Returns the URL of an endpoint.</summary>
    public string GetUrl(int number)
    {
        var port = number % 2 == 0 ? _closedPort : ((IPEndPoint)_silent.LocalEndpoint).Port;
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{number}");
    }

    public void Dispose() => _silent.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = HoldAsync(await _silent.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    /// <summary>Reads until the silo gives up.</summary>
    private static async Task HoldAsync(TcpClient connection)
    {
        using (connection)
        {
            var buffer = new byte[4096];
            try
            {
                while (await connection.GetStream().ReadAsync(buffer) > 0)
                {
                    // What the silo sends is not used.
                }
            }
            catch (IOException)
            {
                // The silo reset the connection.
            }
        }
    }
}
