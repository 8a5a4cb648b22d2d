using System.Diagnostics.Metrics;
using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// A read of an altered state is logged and counted. <c>tests/EndToEnd/Security</c> has what callers see.
/// </summary>
public abstract class AlteredStateTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;
    private const int AlteredEventId = 203;

    private protected AlteredStateTests()
    {
    }

    private protected AlteredStateTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task An_altered_state_fails_its_read_and_is_logged_and_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var log = new RecordingLogger<AlteredStateMonitor>();
        long counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "keys.states.altered")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => counted = count);
        listener.Start();
        var storage = new AuthenticatedStorage(Storage, new AlteredStateMonitor(TimeProvider.System, meters, log));
        var written = TestKeyState.Create("vk_1");
        await storage.WriteStateAsync(StateName, GrainId.Create(StateName, "vk_1"), written);
        var read = new TestGrainState();
        await storage.ReadStateAsync(StateName, GrainId.Create(StateName, "vk_1"), read);
        Assert.Equal(written.State, read.State);
        listener.RecordObservableInstruments();
        Assert.Equal(0, counted);

        await AlterAsync(state => state["project_id"] = "project_b");

        await Assert.ThrowsAsync<AlteredStateException>(() => storage.ReadStateAsync(
            StateName, GrainId.Create(StateName, "vk_1"), new TestGrainState()));
        listener.RecordObservableInstruments();
        Assert.Equal(1, counted);
        Assert.Equal(1, log.Count(AlteredEventId));
    }
}
