namespace KeysCluster.Contract.Tests.Services;

/// <summary>A project of one test, with a client that presents its API key.</summary>
public sealed record TestProject(string Id, string ApiKey, KeysClient Client) : IDisposable
{
    /// <summary>Returns a virtual key.</summary>
    public async Task<JsonElement> GetKeyAsync(string id)
    {
        var response = await Client.GetAsync(id);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.VirtualKey;
    }

    /// <summary>Updates a virtual key, expects success and returns the key.</summary>
    public async Task<JsonElement> UpdateAsync(string id, string patch)
    {
        var response = await Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.VirtualKey;
    }

    /// <summary>Rotates a virtual key with a grace period.</summary>
    public Task<ApiResponse> RotateAsync(string id, int gracePeriodSeconds) =>
        Client.SendAsync(HttpMethod.Post, Routes.Rotate(id), new { grace_period_seconds = gracePeriodSeconds });

    /// <summary>Returns the verdict on a secret.</summary>
    public async Task<JsonElement> GetVerdictAsync(string secret)
    {
        var response = await Client.SendVerifyAsync(secret);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json;
    }

    public void Dispose() => Client.Dispose();
}
