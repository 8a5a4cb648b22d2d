namespace KeysCluster.Api.Authorization;

/// <summary>Endpoint metadata: a 401 makes a browser ask for the key.</summary>
internal sealed class BasicChallenge
{
    /// <summary>The value of the header <c>WWW-Authenticate</c>.</summary>
    public const string Header = "Basic realm=\"KeysCluster\", charset=\"UTF-8\"";
}
