namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A test that needs the previous commit's source; skipped where that cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PreviousBuildFactAttribute : FactAttribute
{
    /// <summary>Looks for the commit.</summary>
    public PreviousBuildFactAttribute()
    {
        if (Task.Run(PreviousCommit.GetHashAsync).GetAwaiter().GetResult() is null)
            Skip = "The previous commit cannot be read here: clone with a depth of 2 or more, or set KEYS_PREVIOUS_COMMIT.";
    }
}
