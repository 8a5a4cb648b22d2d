using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Security;

public sealed class ClusterTlsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>What a silo sends to a client that has proved its role. Nobody else receives anything.</summary>
    private const int TokenLength = 41;

    [Fact]
    public async Task A_cluster_with_certificates_serves_and_refuses_all_others()
    {
        using var authority = new TestCertificateAuthority();
        using var otherAuthority = new TestCertificateAuthority();
        var service = new ClusterService(await postgres.Server.CreateDatabaseAsync());
        var settings = authority.IssueSettings("silo");
        var (siloPort, gatewayPort) = (FreePort.Next(), FreePort.Next());
        settings["Cluster:SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture);
        settings["Cluster:GatewayPort"] = gatewayPort.ToString(CultureInfo.InvariantCulture);
        await using var silo = await service.StartSiloAsync(settings: settings);
        await using var other = await service.StartSiloAsync(settings: authority.IssueSettings("silo"));
        await using var frontEnd = await service.StartFrontEndAsync(settings: authority.IssueSettings("front-end"));

        // Keys on both silos, through a front end.
        var apiKey = await service.CreateProjectAsync(frontEnd);
        using var client = frontEnd.CreateClient(apiKey);
        using var otherClient = other.CreateClient(apiKey);
        foreach (var (id, secret) in await client.CreateManyAsync(20))
        {
            Assert.Equal("active", await client.VerifyAsync(secret));
            (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
            await Wait.UntilAsync(async () => await otherClient.VerifyAsync(secret) == "retiring");
        }

        // The gateway port.
        Assert.Equal(TokenLength, await ReceiveAsync(gatewayPort, authority.Issue("front-end", name: "a")));
        Assert.Equal(TokenLength, await ReceiveAsync(gatewayPort, authority.Issue("validator", name: "b")));
        Assert.Equal(0, await ReceiveAsync(gatewayPort, authority.Issue("silo", name: "c")));
        Assert.Equal(0, await ReceiveAsync(gatewayPort, authority.Issue(null, name: "d")));
        Assert.Equal(0, await ReceiveAsync(gatewayPort, authority.Issue("validator", TimeSpan.FromDays(-1), "e")));
        Assert.Equal(0, await ReceiveAsync(gatewayPort, otherAuthority.Issue("front-end")));
        Assert.Equal(0, await ReceiveAsync(gatewayPort, certificate: null));

        // The silo port, on which Orleans begins with a preamble.
        Assert.NotEqual(0, await ReceiveAsync(siloPort, authority.Issue("silo", name: "f")));
        Assert.Equal(0, await ReceiveAsync(siloPort, authority.Issue("validator", name: "g")));
        Assert.Equal(0, await ReceiveAsync(siloPort, authority.Issue("front-end", name: "h")));
        Assert.Equal(0, await ReceiveAsync(siloPort, certificate: null));

        // A replaced certificate.
        var before = await GetServerThumbprintAsync(gatewayPort);
        authority.IssueSettings("silo");
        await Wait.UntilAsync(async () => await GetServerThumbprintAsync(gatewayPort) != before);
        Assert.Equal(HttpStatusCode.OK, await silo.GetReadinessAsync());

        async Task<string> GetServerThumbprintAsync(int port)
        {
            await using var tls = await ConnectAsync(port, authority.Issue("validator", name: "i"));
            using var certificate = new X509Certificate2(tls.RemoteCertificate!);
            return certificate.Thumbprint;
        }
    }

    [Fact]
    public async Task A_front_end_without_certificates_cannot_connect()
    {
        using var authority = new TestCertificateAuthority();
        var service = new ClusterService(await postgres.Server.CreateDatabaseAsync());
        await using var silo = await service.StartSiloAsync(settings: authority.IssueSettings("silo"));
        await using var frontEnd = ServiceProcess.Launch("Api", service.CreateSettings());

        await frontEnd.WaitForOutputAsync("cannot be reached");
        Assert.NotEqual(HttpStatusCode.OK, await frontEnd.GetReadinessAsync());
    }

    /// <summary>
    /// Returns the number of bytes that a port sends to a client: 0 if it closes the connection, null if it waits.
    /// </summary>
    private static async Task<int?> ReceiveAsync(int port, (string Certificate, string Key)? certificate)
    {
        try
        {
            await using var tls = await ConnectAsync(port, certificate);
            var received = tls.ReadAtLeastAsync(
                new byte[TokenLength], TokenLength, throwOnEndOfStream: false).AsTask();
            return await received.WaitAsync(TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static async Task<SslStream> ConnectAsync(int port, (string Certificate, string Key)? certificate)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "silo",
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
            ClientCertificates = certificate is { } files
                ? [X509Certificate2.CreateFromPemFile(files.Certificate, files.Key)]
                : null,
        });
        return tls;
    }
}
