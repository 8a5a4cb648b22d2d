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
internal sealed partial class ClientCallFilter(
    SessionTokens tokens, ILogger<ClientCallFilter> logger, TimeProvider? time = null)
    : IIncomingGrainCallFilter
{
    /// <summary>The interface that every Orleans client reads after it connects.</summary>
    private const string ManifestInterface = "Orleans.Runtime.IClusterManifestSystemTarget";

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<MethodInfo, ClientRoles> _allowed = new();
    private readonly ConcurrentDictionary<(MethodInfo Method, ClusterRole? Role), long> _logged = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var role = tokens.FindRole(RequestContext.Get(SessionToken.ContextKey) as string);
        if (role is not ClusterRole.Silo && !IsAllowed(role, context))
        {
            if (ShouldLog(context.InterfaceMethod, role))
                LogRefused(logger, context.InterfaceName, context.MethodName, role);
            throw new UnauthorizedAccessException(
                $"A client with the role '{role}' may not call {context.InterfaceName}.{context.MethodName}.");
        }

        return context.Invoke();
    }

    /// <summary>Returns whether to log a refusal: once per method, role and minute.</summary>
    private bool ShouldLog(MethodInfo method, ClusterRole? role)
    {
        var now = _time.GetTimestamp();
        if (_logged.TryAdd((method, role), now)) return true;
        return _logged.TryGetValue((method, role), out var last)
            && _time.GetElapsedTime(last, now) >= LogInterval
            && _logged.TryUpdate((method, role), now, last);
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
