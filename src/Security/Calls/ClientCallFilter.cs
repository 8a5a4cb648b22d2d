using System.Collections.Concurrent;
using System.Reflection;
using KeysCluster.Security.Sessions;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Security.Calls;

/// <summary>
/// Refuses calls that the caller's role does not permit. Silos may call everything. Clients may call the methods with
/// <see cref="AllowClientsAttribute"/>, and of Orleans only what a client needs. The role is that of the session token
/// in the request context, which the certificate of the client's connection has proved; what else the message says
/// about its sender does not count, because Orleans does not verify it.
/// </summary>
internal sealed partial class ClientCallFilter(SessionKey key, ILogger<ClientCallFilter> logger)
    : IIncomingGrainCallFilter
{
    /// <summary>The interface that every Orleans client reads after it connects.</summary>
    private const string ManifestInterface = "Orleans.Runtime.IClusterManifestSystemTarget";

    private readonly ConcurrentDictionary<MethodInfo, ClientRoles> _allowed = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var role = key.FindProvenRole(RequestContext.Get(SessionToken.ContextKey) as string);
        if (role is not ClusterRole.Silo && !IsAllowed(role, context))
        {
            LogRefused(logger, context.InterfaceName, context.MethodName, role);
            throw new UnauthorizedAccessException(
                $"A client with the role '{role}' may not call {context.InterfaceName}.{context.MethodName}.");
        }

        return context.Invoke();
    }

    private bool IsAllowed(ClusterRole? role, IGrainCallContext call)
    {
        if (role is null) return false;
        if (call.InterfaceName == ManifestInterface) return true;
        var allowed = _allowed.GetOrAdd(
            call.InterfaceMethod,
            method => method.GetCustomAttribute<AllowClientsAttribute>()?.Roles ?? ClientRoles.None);
        return allowed.HasFlag(role == ClusterRole.FrontEnd ? ClientRoles.FrontEnd : ClientRoles.Validator);
    }
}
