using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

internal static class AllocationAssert
{
    private const int CallCount = 100;

    /// <summary>Asserts that a validation of a valid secret completes synchronously and allocates nothing.</summary>
    public static void None(Func<ValueTask<Verdict>> validate)
    {
        // The calls before the measurement may allocate, for compilation and for what is created on first use.
        ValidateRepeatedly(validate);
        Assert.Equal(0, Measure(validate));
    }

    private static long Measure(Func<ValueTask<Verdict>> validate)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ValidateRepeatedly(validate);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void ValidateRepeatedly(Func<ValueTask<Verdict>> validate)
    {
        for (var i = 0; i < CallCount; i++)
        {
            var verdict = validate();
            if (!verdict.IsCompletedSuccessfully || !verdict.GetAwaiter().GetResult().IsValid)
                throw new InvalidOperationException("The secret was not found valid at once.");
        }
    }
}
