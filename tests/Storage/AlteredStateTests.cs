using System.Diagnostics.Metrics;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// A read of an altered state is logged and counted, and so is one whose pepper is missing.
/// <c>tests/EndToEnd/Security</c> has what callers see.
/// </summary>
public abstract class AlteredStateTests : StorageTest, IAsyncLifetime
{
    private const string StateName = TestKeyState.StateName;
    private const int AlteredEventId = 203;
    private const int MissingPepperEventId = 226;
    private const string AlteredCounter = "keys.states.altered";
    private const string MissingPepperCounter = "keys.peppers.missing";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingLogger<AlteredStateMonitor> _alteredLog = new();
    private readonly RecordingLogger<MissingPepperMonitor> _pepperLog = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly MeterListener _listener;

    private protected AlteredStateTests() => _listener = Listen();

    private protected AlteredStateTests(PostgresFixture postgres)
        : base(postgres) => _listener = Listen();

    private protected override bool RequiresMac => true;

    private AuthenticatedStorage AuthenticatedStorage => field ??= new AuthenticatedStorage(
        Storage,
        new AlteredStateMonitor(TimeProvider.System, Meters, _alteredLog),
        new MissingPepperMonitor(Ring, TimeProvider.System, Meters, _pepperLog));

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    [Fact]
    public async Task An_altered_state_fails_its_read_and_is_logged_and_counted()
    {
        var written = await WriteAsync();
        Assert.Equal(written, await ReadAsync());
        Assert.Equal((0, 0), Count());

        await AlterAsync(state => state["project_id"] = "project_b");

        await Assert.ThrowsAsync<AlteredStateException>(ReadAsync);
        Assert.Equal((1, 0), Count());
        Assert.Equal((1, 0), (_alteredLog.Count(AlteredEventId), _pepperLog.Count(MissingPepperEventId)));
    }

    /// <summary>Nothing shows whether the state was altered until the pepper is there.</summary>
    [Fact]
    public async Task A_state_under_a_missing_pepper_fails_its_read_and_is_not_counted_as_altered()
    {
        var written = await WriteAsync();
        var peppers = Ring.Peppers;
        Ring.Peppers = new PepperSet(Pepper.WithHashKeys(Enumerable.Repeat((byte)1, 32).ToArray()));

        var missing = await Assert.ThrowsAsync<MissingStatePepperException>(ReadAsync);
        Assert.Equal(peppers.Current.Id, missing.PepperId);
        Assert.Equal((0, 1), Count());
        Assert.Equal((0, 1), (_alteredLog.Count(AlteredEventId), _pepperLog.Count(MissingPepperEventId)));
        var listed = Assert.Single(await Index.ListPageAsync(StateName, "project_a", 0, 10, CancellationToken.None));
        Assert.Empty(listed.Json);

        Ring.Peppers = peppers;
        Assert.Equal(written, await ReadAsync());
    }

    /// <summary>The id of a pepper that nobody has does not make an altered state one that is read.</summary>
    [Fact]
    public async Task A_state_with_the_id_of_an_unknown_pepper_fails_its_read()
    {
        await WriteAsync();
        await AlterAsync(state => state["mac"] = new string('a', 16) + state["mac"]!.GetValue<string>()[16..]);
        await Assert.ThrowsAsync<MissingStatePepperException>(ReadAsync);

        await AlterAsync(state => state["mac"] = "not the id of an" + state["mac"]!.GetValue<string>()[16..]);
        await Assert.ThrowsAsync<AlteredStateException>(ReadAsync);
    }

    public new async Task DisposeAsync()
    {
        _listener.Dispose();
        await base.DisposeAsync();
        await _services.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync();

    private async Task<TestKeyState> WriteAsync()
    {
        var written = TestKeyState.Create("vk_1");
        await AuthenticatedStorage.WriteStateAsync(StateName, GrainId.Create(StateName, "vk_1"), written);
        return written.State;
    }

    private async Task<TestKeyState> ReadAsync()
    {
        var read = new TestGrainState();
        await AuthenticatedStorage.ReadStateAsync(StateName, GrainId.Create(StateName, "vk_1"), read);
        return read.State;
    }

    private (long Altered, long MissingPeppers) Count()
    {
        _listener.RecordObservableInstruments();
        return (_counts.GetValueOrDefault(AlteredCounter), _counts.GetValueOrDefault(MissingPepperCounter));
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == Meters
                    && instrument.Name is AlteredCounter or MissingPepperCounter)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, _, _) => _counts[instrument.Name] = count);
        listener.Start();
        return listener;
    }
}
