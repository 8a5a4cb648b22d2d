using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Reminders;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

internal static class TestSiloBuilderExtensions
{
    /// <summary>Enough for about a thousand keys.</summary>
    public const long CacheBytes = 3 << 20;

    /// <summary>Adds the grains and validators to a silo, on doubles. The caller adds a lease and a fence.</summary>
    public static ISiloBuilder AddKeysTestSilo(this ISiloBuilder silo, TestSiloDoubles doubles)
    {
        silo.AddReminders();
        silo.AddIncomingGrainCallFilter(doubles.Calls);
        silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, doubles.Clock);
        silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, doubles.Clock);
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, doubles.Storage);
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, doubles.Storage);
        silo.Services.AddSingleton<IReminderTable>(doubles.Reminders);
        silo.Services.AddSingleton<IStateIndex>(new TestStateIndex(doubles.Storage));
        silo.Services.AddSingleton<IImportedKeyStore>(doubles.ImportedKeys);
        silo.Services.AddSingleton<IStateInserter>(doubles.Storage);
        silo.Services.AddSingleton(new StateMac(doubles.Ring, "keys", isRequired: true));
        silo.Services.AddSingleton<IProjectEraser, TestProjectEraser>();
        silo.Services.AddSingleton<IEventStore, TestEventStore>();
        var deliveries = new TestDeliveries();
        silo.Services.AddSingleton<IPendingDeliveries>(deliveries);
        silo.Services.AddSingleton<IRedeliveries>(deliveries);
        silo.Services.AddSingleton<IDeliveryLog>(deliveries);
        silo.Services.AddSingleton<IExpirySource>(deliveries);
        silo.Services.AddWebhookDelivery();
        silo.Services.Configure<WebhookOptions>(options => options.AllowPrivateAddresses = true);
        silo.Services.AddSingleton(doubles.Ring);
        silo.Services.AddKeysGrains(CacheBytes);
        silo.Services.AddVirtualKeyValidator();
        silo.Services.AddLogging(logging => logging.AddFakeLogging(options =>
        {
            options.FilteredCategories.Add("KeysCluster.Grains.VirtualKeys.VirtualKeyGrain");
            options.FilteredCategories.Add("KeysCluster.Grains.Projects.ProjectGrain");
        }));
        return silo;
    }
}
