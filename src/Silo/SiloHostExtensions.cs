using System.Data.Common;
using KeysCluster.Grains;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Hosting;
using KeysCluster.Hosting.Tracing;
using KeysCluster.Silo.Erasures;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Imports;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.Silo.Storage.Sqlite;
using KeysCluster.Silo.Storage.Webhooks;

namespace KeysCluster.Silo;

internal static class SiloHostExtensions
{
    /// <summary>
    /// Adds the grains and an Orleans silo, as far as they do not depend on the topology. A topology adds clustering,
    /// storage and reminders.
    /// </summary>
    public static void AddKeysSilo(
        this WebApplicationBuilder builder, KeysSiloOptions options, NamedPeppers peppers)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddPeppers(builder.Configuration, peppers);
        services.AddSingleton(provider =>
            new StateMac(provider.GetRequiredService<PepperRing>(), options.ServiceId, options.RequireStateMac));
        services.AddKeysGrains(options.CacheBytes);
        services.AddVirtualKeyValidator();
        services.AddSingleton<IStateIndex>(provider =>
            new StateIndex(
                provider.GetRequiredService<DbDataSource>(),
                options.ServiceId,
                provider.GetRequiredService<StateMac>(),
                provider.GetRequiredService<AlteredStateMonitor>(),
                provider.GetRequiredService<MissingPepperMonitor>()));
        services.AddSingleton<IImportedKeyStore>(provider =>
            new ImportedKeyStore(provider.GetRequiredService<DbDataSource>(), options.ServiceId));
        SettingsValidation.Validate(
            builder.Configuration.GetSection("Keys").Get<ImportKeyOptions>() ?? new ImportKeyOptions());
        services.AddOptions<ImportKeyOptions>().Bind(builder.Configuration.GetSection("Keys"));
        services.AddSingleton<IProjectEraser>(provider =>
            new ProjectEraser(
                provider.GetRequiredService<DbDataSource>(),
                options.IsCluster ? new PostgresEventDialect() : new SqliteEventDialect(),
                options.ServiceId));

        var webhooks = options.IsCluster ? WebhookDialect.PostgreSql : WebhookDialect.Sqlite;
        services.AddSingleton<IPendingDeliveries>(provider =>
            new PendingDeliveries(provider.GetRequiredService<DbDataSource>(), options.ServiceId, webhooks));
        services.AddSingleton<IRedeliveries>(provider =>
            new Redeliveries(provider.GetRequiredService<DbDataSource>(), options.ServiceId));
        services.AddSingleton<IExpirySource>(provider =>
            new ExpirySource(provider.GetRequiredService<DbDataSource>(), options.ServiceId, webhooks));
        services.AddOptions<WebhookOptions>()
            .Bind(builder.Configuration.GetSection("Webhooks"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddWebhookDelivery();
        services.AddSingleton<IDeliveryLog>(provider =>
            new DeliveryLog(provider.GetRequiredService<DbDataSource>(), options.ServiceId));

        builder.AddEventRetention();
        services.AddSingleton(provider =>
            new OverdueErasureQuery(provider.GetRequiredService<DbDataSource>(), options.ServiceId));
        services.AddHostedService<OverdueErasureMonitor>();

        builder.UseOrleans(silo => silo.UseReminderSchedule());
        if (!builder.Configuration.IsTracingEnabled()) return;
        services.AddOutgoingGrainCallTracing();
        services.AddIncomingGrainCallTracing();
    }
}
