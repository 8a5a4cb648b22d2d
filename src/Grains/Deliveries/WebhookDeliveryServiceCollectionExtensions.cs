using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Deliveries;

/// <summary>Registers the delivery of webhooks in a silo.</summary>
public static class WebhookDeliveryServiceCollectionExtensions
{
    /// <summary>
    /// Adds the worker that delivers webhooks. The host also registers an <see cref="Events.IEventStore"/>, an
    /// <see cref="IPendingDeliveries"/>, an <see cref="IRedeliveries"/>, an <see cref="IDeliveryLog"/> and an
    /// <see cref="IExpirySource"/>.
    /// </summary>
    public static IServiceCollection AddWebhookDelivery(this IServiceCollection services)
    {
        services.AddSingleton<IHostResolver, DnsResolver>();
        services.AddSingleton<WebhookConnector>();
        services.AddSingleton(provider => new WebhookSender(
            provider.GetRequiredService<WebhookConnector>(),
            provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains)));
        services.AddSingleton<WebhookReader>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookLeadership>();
        services.AddSingleton<WebhookQueues>();
        services.AddSingleton<DeliveryFactory>();
        services.AddSingleton<ProjectDeliveries>();
        services.AddSingleton<EventFollower>();
        services.AddSingleton<DeferredEventFollower>();
        services.AddSingleton<RedeliveryRunner>();
        services.AddSingleton<ExpiryScanner>();
        services.AddHostedService<WebhookWorker>();
        return services;
    }
}
