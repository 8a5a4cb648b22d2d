namespace KeysCluster.Console.Tests;

/// <summary>A project of one test.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ApiKey">An API key that may do everything.</param>
/// <param name="Api">A client with that API key.</param>
public sealed record TestProject(string Id, string ApiKey, KeysClient Api)
{
    /// <summary>Creates an API key that may do less.</summary>
    public async Task<string> CreateApiKeyAsync(params string[] permissions) =>
        (await Api.ApiKeys.CreateAsync(Id, new CreateApiKey { Name = "limited", Permissions = permissions })).Secret;

    public Task<IssuedVirtualKey> CreateKeyAsync(string name) =>
        Api.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = name });

    public async Task<VerdictCode> VerifyAsync(string secret, string? address = null) =>
        (await Api.VirtualKeys.VerifyAsync(new VerifySecret { Secret = secret, IpAddress = address })).Code;
}
