using System.Net.Sockets;
using KeysCluster.Client;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Connections;

/// <summary>Creates clients of the API of this process, whose calls go over the <see cref="ConsoleSocket"/>.</summary>
internal sealed class ApiConnection : IDisposable
{
    /// <summary>Longer than the API takes to respond, with 503 at the latest.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SocketsHttpHandler _handler;

    public ApiConnection(ConsoleSocket socket) => _handler = new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket.FilePath), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    };

    /// <summary>
    /// Creates a client for the request of a page. The API retries what may fail for a moment, so the client does not.
    /// </summary>
    public KeysClient CreateClient(string credential, HttpContext page)
    {
        var http = new HttpClient(_handler, disposeHandler: false)
        {
            BaseAddress = new Uri("http://console.invalid/"),
            Timeout = Timeout,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", credential);
        ForwardedClient.Write(http, page);
        return new KeysClient(http);
    }

    public void Dispose() => _handler.Dispose();
}
