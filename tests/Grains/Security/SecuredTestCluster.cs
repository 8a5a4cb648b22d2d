using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Security;
using KeysCluster.Security.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Grains.Tests.Security;

/// <summary>A silo, and a client for each role, which its certificate proves.</summary>
public sealed class SecuredTestCluster : IAsyncLifetime
{
    private static readonly byte[][] SessionKeys = [[.. Enumerable.Range(0, 32).Select(i => (byte)i)]];

    private readonly TestCertificateAuthority _authority = new();
    private readonly List<IHost> _hosts = [];

    /// <summary>The clients by role.</summary>
    internal Dictionary<string, IClusterClient> Clients { get; } = [];

    public async Task InitializeAsync()
    {
        var (siloPort, gatewayPort) = (FreePort.Next(), FreePort.Next());
        await StartAsync(builder => builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.AddKeysTestSilo(new TestSiloDoubles());
            silo.Services.AddSingleSilo();
            silo.UseClusterTls(CreateOptions("silo"), _ => SessionKeys);
        }));
        foreach (var role in (string[])["validator", "front-end"])
        {
            var host = await StartAsync(builder => builder.UseOrleansClient(client =>
            {
                client.UseLocalhostClustering(gatewayPort);
                client.UseClusterTls(CreateOptions(role));
            }));
            Clients[role] = host.Services.GetRequiredService<IClusterClient>();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        _authority.Dispose();
    }

    private async Task<IHost> StartAsync(Action<IHostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private ClusterTlsOptions CreateOptions(string role)
    {
        var (certificate, key) = _authority.Issue(role);
        return new ClusterTlsOptions
        {
            Certificate = certificate,
            Key = key,
            CertificateAuthority = _authority.RootFile,
        };
    }
}
