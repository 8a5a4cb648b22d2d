namespace KeysCluster.Cli.Profiles;

/// <summary>Where a user is signed in.</summary>
internal sealed record KeysProfile(string Url, string ApiKey, bool AllowPlaintext)
{
    /// <summary>Hides the key.</summary>
    public override string ToString() => $"KeysProfile {{ {Url} }}";
}
