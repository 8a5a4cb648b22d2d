namespace KeysCluster.Benchmarks.Loads;

/// <summary>Checks whether secrets are valid. All callers share one check; each has a number.</summary>
internal interface ISecretCheck
{
    string Name { get; }

    ValueTask<bool> IsValidAsync(int caller, int secret);
}
