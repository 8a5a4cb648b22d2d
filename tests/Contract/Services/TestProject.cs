namespace KeysCluster.Contract.Tests.Services;

/// <summary>A project of one test, with a client that presents its API key.</summary>
public sealed record TestProject(string Id, string ApiKey, KeysClient Client) : IDisposable
{
    /// <summary>Sends a request to create a virtual key with a name and the given members.</summary>
    /// <param name="members">Members of a JSON object, without the braces.</param>
    public Task<ApiResponse> SendCreateAsync(string members) =>
        Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, $$"""{"name":"n",{{members}}}""");

    /// <summary>Creates a virtual key with a name and the given members.</summary>
    /// <param name="members">Members of a JSON object, without the braces.</param>
    public async Task<(string Id, string Secret, JsonElement Key)> CreateAsync(string members)
    {
        var response = await SendCreateAsync(members);
        response.EnsureStatus(HttpStatusCode.Created);
        return (response.VirtualKey.GetProperty("id").GetString()!, response.Secret, response.VirtualKey);
    }

    /// <summary>Returns a virtual key.</summary>
    public async Task<JsonElement> GetKeyAsync(string id)
    {
        var response = await Client.GetAsync(id);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.VirtualKey;
    }

    /// <summary>Waits until the use of a virtual key is recorded, and returns the key.</summary>
    public async Task<JsonElement> WaitUntilUsedAsync(string id)
    {
        JsonElement key = default;
        await Wait.UntilAsync(async () =>
        {
            key = await GetKeyAsync(id);
            return key.GetProperty("last_used_at").ValueKind != JsonValueKind.Null;
        });
        return key;
    }

    /// <summary>Returns a page of the list of virtual keys.</summary>
    /// <param name="query">The query string with its question mark.</param>
    public async Task<JsonElement> ListAsync(string query = "")
    {
        var response = await Client.ListAsync(query);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json;
    }

    /// <summary>Returns the virtual keys of a page.</summary>
    /// <param name="query">The query string with its question mark.</param>
    public async Task<JsonElement[]> ListKeysAsync(string query = "") =>
        [.. (await ListAsync(query)).GetProperty("data").EnumerateArray()];

    /// <summary>Sends a request to update a virtual key.</summary>
    public Task<ApiResponse> SendUpdateAsync(string id, string patch) =>
        Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);

    /// <summary>Updates a virtual key, expects success and returns the key.</summary>
    public async Task<JsonElement> UpdateAsync(string id, string patch)
    {
        var response = await SendUpdateAsync(id, patch);
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

    /// <summary>Returns the verdict on the use of a secret with permissions and from an address.</summary>
    public async Task<JsonElement> GetVerdictAsync(string secret, string[] permissions, string? address = null)
    {
        var body = new { secret, permissions, ip_address = address };
        var response = await Client.SendAsync(HttpMethod.Post, Routes.Verify, body);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json;
    }

    public void Dispose() => Client.Dispose();
}
