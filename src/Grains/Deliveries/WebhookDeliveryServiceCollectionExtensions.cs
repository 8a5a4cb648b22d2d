using KeysCluster.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Deliveries;

internal static class WebhookDeliveryServiceCollectionExtensions
{
    /// <summary>
    /// Adds the delivery of webhooks. The host registers an <see cref="IPendingDeliveries"/> and an
    /// <see cref="IDeliveryLog"/>.
    /// </summary>
    public static void AddWebhookDelivery(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>()
            .BindConfiguration("Webhooks")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<WebhookUrlRules>();
        services.AddSingleton<IHostResolver, DnsResolver>();
        services.AddSingleton<WebhookConnector>();
        services.AddSingleton(provider => new WebhookSender(
            provider.GetRequiredService<WebhookConnector>(),
            provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains)));
        services.AddSingleton<WebhookReader>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookQueues>();
        services.AddHostedService<WebhookWorker>();
    }
}
