using KeysCluster.Api.Http;
using KeysCluster.Hosting;

namespace KeysCluster.Api.Authorization;

/// <summary>Protects pages that a host adds for operators.</summary>
public static class OperatorPageExtensions
{
    /// <summary>
    /// Restricts the endpoints of a page to the management address and to callers with an admin key. A browser asks for
    /// it: the key is the password, under any user name.
    /// </summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder
        .RequireManagementAddress()
        .RequireAdmin()
        .WithPageSecurityHeaders()
        .WithMetadata(new BasicChallenge());
}
