using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>The parts of a test silo that are not real, and the observer of its grain calls.</summary>
internal sealed class TestSiloDoubles
{
    public TestSiloDoubles()
    {
        Storage = new TestStorage(Reminders);
        ImportedKeys = new TestImportedKeyStore(Storage);
    }

    public FakeTimeProvider Clock { get; } = new(TestData.Start);

    public PepperRing Ring { get; } = new(TestData.Peppers);

    public TestReminderTable Reminders { get; } = new();

    public TestStorage Storage { get; }

    public TestImportedKeyStore ImportedKeys { get; }

    public GrainCallFilter Calls { get; } = new();
}
