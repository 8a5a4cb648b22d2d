using System.Buffers;
using System.IO.Pipelines;
using KeysCluster.Security.Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Connections.Security;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// The first bytes of a connection to a gateway, after the TLS handshake and before the protocol of Orleans: the silo
/// hands the client its token.
/// </summary>
internal static class SessionConnectionExtensions
{
    /// <summary>
    /// Hands tokens to clients that connect, and closes connections whose certificate has expired, or whose token is
    /// not of the current key.
    /// </summary>
    public static void UseServerSessions(
        this IConnectionBuilder connections,
        ClusterCertificates certificates,
        SessionTokens tokens,
        TimeProvider time) =>
        connections.Use(next => async context =>
        {
            var certificate = context.Features.Get<ITlsConnectionFeature>()!.RemoteCertificate!;
            if (certificates.FindRole(certificate) is not { } role)
            {
                context.Abort(new ConnectionAbortedException("The certificate proves no role."));
                return;
            }

            var validUntil = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            var current = tokens.Current;
            await context.Transport.Output.WriteAsync(SessionTokens.Create(current, role, validUntil));
            await using var expiry = new ConnectionExpiry(context, validUntil, () => tokens.Current == current, time);
            await next(context);
        });

    /// <summary>Receives the token of this client.</summary>
    public static void UseClientSession(this IConnectionBuilder connections, ClientSession session) =>
        connections.Use(next => async context =>
        {
            await ReceiveAsync(context.Transport.Input, session, context.ConnectionClosed);
            await next(context);
        });

    private static async Task ReceiveAsync(PipeReader input, ClientSession session, CancellationToken closed)
    {
        var result = await input.ReadAtLeastAsync(SessionToken.Length, closed);
        if (result.Buffer.Length < SessionToken.Length)
            throw new ConnectionAbortedException("The silo closed the connection before it sent a session token.");

        var token = result.Buffer.Slice(0, SessionToken.Length);
        session.Set(token.ToArray());
        input.AdvanceTo(token.End);
    }
}
