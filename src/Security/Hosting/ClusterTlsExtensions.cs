using KeysCluster.Security.Calls;
using KeysCluster.Security.Certificates;
using KeysCluster.Security.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace KeysCluster.Security.Hosting;

/// <summary>Secures the connections of a cluster by mutual TLS, and its calls by the roles that it proves.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>
    /// Connects this client to the cluster by mutual TLS. Its certificate needs the role
    /// <see cref="ClusterRole.Validator"/> or <see cref="ClusterRole.FrontEnd"/>.
    /// </summary>
    /// <param name="client">The Orleans client.</param>
    /// <param name="options">The certificate files.</param>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, ClusterTlsOptions options)
    {
        client.Services.AddCertificates(options);
        client.Services.AddSingleton<ClientSession>();
        client.Services.AddSingleton<IOutgoingGrainCallFilter, ClientSessionFilter>();
        client.Services.AddOptions<ClientConnectionOptions>().Configure<IServiceProvider>((connections, services) =>
            connections.ConfigureConnection(connection =>
            {
                connection.UseClientTls(services.CreateClientTls());
                connection.UseClientSession(services.GetRequiredService<ClientSession>());
            }));
        return client;
    }

    /// <summary>
    /// Secures the ports of a silo. Other silos prove the role <see cref="ClusterRole.Silo"/>, and clients that of a
    /// front end or validator. Each may call only what its role permits.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">The certificate files.</param>
    /// <param name="getSessionKeys">
    /// Returns the keys of the tokens that prove the roles of callers, with the current one first: 32 random bytes
    /// each, which all silos have, and nobody else. It is called for each grain call, and returns the same list until
    /// the keys change. To replace a key, add it on every silo before it becomes the current one. Clients receive a
    /// token of the current key within 24 hours; then the old key can be removed.
    /// </param>
    public static ISiloBuilder UseClusterTls(
        this ISiloBuilder silo,
        ClusterTlsOptions options,
        Func<IServiceProvider, IReadOnlyList<byte[]>> getSessionKeys)
    {
        silo.Services.AddCertificates(options);
        silo.Services.AddSingleton(services => new SessionTokens(() => getSessionKeys(services), services.GetTime()));
        silo.Services.AddSingleton<IOutgoingGrainCallFilter, SiloSessionFilter>();
        silo.Services.AddSingleton<IIncomingGrainCallFilter, ClientCallFilter>();
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<IServiceProvider>((connections, services) =>
        {
            connections.ConfigureSiloInboundConnection(connection =>
                connection.UseServerTls(services.CreateServerTls([ClusterRole.Silo])));
            connections.ConfigureSiloOutboundConnection(connection =>
                connection.UseClientTls(services.CreateClientTls()));
            connections.ConfigureGatewayInboundConnection(connection =>
            {
                connection.UseServerTls(services.CreateServerTls([ClusterRole.FrontEnd, ClusterRole.Validator]));
                connection.UseServerSessions(
                    services.GetRequiredService<ClusterCertificates>(),
                    services.GetRequiredService<SessionTokens>(),
                    services.GetTime());
            });
        });
        return silo;
    }

    private static void AddCertificates(this IServiceCollection services, ClusterTlsOptions options)
    {
        services.AddSingleton(provider => new ClusterCertificates(
            options, provider.GetTime(), provider.GetRequiredService<ILogger<ClusterCertificates>>()));
    }

    /// <summary>
    /// Returns the clock of the host. None is registered here: the first one that is registered would be the clock of
    /// the validators too.
    /// </summary>
    private static TimeProvider GetTime(this IServiceProvider services) =>
        services.GetService<TimeProvider>() ?? TimeProvider.System;

    private static TlsOptions CreateServerTls(this IServiceProvider services, ClusterRole[] clients)
    {
        var certificates = services.GetRequiredService<ClusterCertificates>();
        return new TlsOptions
        {
            LocalServerCertificateSelector = (_, _) => certificates.Own,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = certificates.Require(clients),
        };
    }

    /// <summary>A client expects a silo, whatever its address: the certificate names a role, not a host.</summary>
    private static TlsOptions CreateClientTls(this IServiceProvider services)
    {
        var certificates = services.GetRequiredService<ClusterCertificates>();
        return new TlsOptions
        {
            LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Own,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = certificates.Require([ClusterRole.Silo]),
            OnAuthenticateAsClient = (_, client) => client.TargetHost = "silo",
        };
    }

    private static RemoteCertificateValidator Require(this ClusterCertificates certificates, ClusterRole[] roles) =>
        (certificate, _, _) => certificates.FindRole(certificate) is { } role && roles.Contains(role);
}
