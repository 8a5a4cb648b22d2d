using System.Data.Common;
using KeysCluster.Api.Hosting;
using KeysCluster.Grains;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Hosting;

/// <summary>The node: grains, storage, reminders and clustering in the topology that the settings ask for.</summary>
internal static class KeysSilo
{
    public static void AddKeysSilo(this WebApplicationBuilder builder, SiloSettings settings, DataDirectory? data)
    {
        Ports.EnsureFree([
            .. Ports.OfUrls(builder.Configuration),
            ("Cluster:SiloPort", settings.SiloPort),
            ("Cluster:GatewayPort", settings.GatewayPort),
        ]);

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddKeysGrains(settings.CachedKeys);
        services.AddVirtualKeyValidator();
        services.AddSingleton<IStateIndex>(provider =>
            new StateIndex(provider.GetRequiredService<DbDataSource>(), settings.ServiceId));

        var pepper = settings.Pepper ?? data!.Pepper();
        services.AddSingleton(new Pepper(Convert.FromBase64String(pepper)));
        if (data is not null && string.IsNullOrEmpty(builder.Configuration["Keys:AdminKey"]))
            builder.Configuration["Keys:AdminKey"] = data.AdminKey();

        builder.UseOrleans(silo =>
        {
            if (data is null) silo.UseClusterTopology(settings, new PostgresDataSources(settings.ConnectionString!));
            else silo.UseEmbeddedTopology(settings, new SqliteDataSource(data.CreateDatabaseFile()));
            silo.AddOutgoingGrainCallFilter<RepeatedCalls>();
            silo.UseReminderSchedule();
            if (builder.Configuration.IsTelemetryWanted()) silo.AddActivityPropagation();
        });
    }

    /// <summary>Brings the database to this version's schema, and refuses one that belongs to another pepper.</summary>
    public static async Task PrepareStorage(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<SiloSettings>();
        var database = app.Services.GetRequiredService<DbDataSource>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("KeysCluster.Silo.Storage");
        if (database is SqliteDataSource sqlite) await SchemaMigrator.UpgradeSqlite(sqlite, logger);
        else await SchemaMigrator.UpgradePostgreSql(settings.ConnectionString!, logger, CancellationToken.None);

        var pepper = app.Services.GetRequiredService<Pepper>();
        var known = await new StorageSettings(database).GetOrAdd("pepper_id", pepper.Id, CancellationToken.None);
        if (known != pepper.Id)
        {
            throw new StartupException(
                "Keys:Pepper is not the one that this database was written with. Without that one no secret in it can be "
                + "told good; restore it.");
        }
    }
}
