using System.Net.Http.Headers;
using System.Net.Sockets;
using KeysCluster.Client;
using KeysCluster.WebConsole.Accounts;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Connections;

/// <summary>Creates clients of the API of this process, whose calls go over the <see cref="ConsoleSocket"/>.</summary>
internal sealed class ApiConnection(ConsoleSocket socket, TimeProvider time, AccountRoles? roles = null) : IDisposable
{
    /// <summary>Longer than the API takes to respond, with 503 at the latest.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SocketsHttpHandler _handler = new()
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
    /// <returns>The client; null if the person has to sign in again.</returns>
    public KeysClient? TryCreateClient(SessionCredential credential, HttpContext page)
    {
        if (credential.Key is { } key) return CreateClient(page, http => http.Authorization = new("Bearer", key));
        return credential.Account is { } account && roles?.FindPerson(account, time.GetUtcNow()) is { } person
            ? CreateClient(page, http => ForwardedClient.Write(http, person))
            : null;
    }

    public void Dispose() => _handler.Dispose();

    private KeysClient CreateClient(HttpContext page, Action<HttpRequestHeaders> authenticate)
    {
        var http = new HttpClient(_handler, disposeHandler: false)
        {
            BaseAddress = new Uri("http://console.invalid/"),
            Timeout = Timeout,
        };
        authenticate(http.DefaultRequestHeaders);
        ForwardedClient.Write(http.DefaultRequestHeaders, page);
        return new KeysClient(http);
    }
}
