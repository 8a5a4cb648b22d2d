namespace KeysCluster.Benchmarks.Loads;

/// <summary>A way to tell whether a secret's text is good. Callers share it; each is one of a known number.</summary>
internal interface ISecretCheck
{
    string Name { get; }

    ValueTask<bool> IsValidAsync(int caller, int secret);
}
