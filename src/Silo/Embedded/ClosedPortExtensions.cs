using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeysCluster.Silo.Embedded;

/// <summary>
/// Keeps Orleans from listening. A single silo connects to nobody, and any account of the machine could control the
/// service through its port.
/// </summary>
internal static class ClosedPortExtensions
{
    /// <summary>Replaces the listeners of a silo by ones that accept no connection.</summary>
    public static void CloseOrleansPorts(this IServiceCollection services)
    {
        var listeners = services
            .Where(service => service.ServiceType == typeof(IConnectionListenerFactory) && service.IsKeyedService)
            .Select(service => service.ServiceKey)
            .ToList();
        if (listeners.Count == 0) throw new InvalidOperationException("Orleans has no listeners to close.");
        foreach (var key in listeners)
            services.Replace(ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory>(key, new ClosedPorts()));
    }

    private sealed class ClosedPorts : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(
            EndPoint endpoint, CancellationToken cancellationToken = default) => new(new ClosedPort(endpoint));
    }

    /// <summary>Accepts no connection until it is unbound.</summary>
    private sealed class ClosedPort(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            new(_unbound.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
