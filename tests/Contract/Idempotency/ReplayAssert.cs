namespace KeysCluster.Contract.Tests.Idempotency;

/// <summary>Asserts whether a response is a replay.</summary>
internal static class ReplayAssert
{
    /// <summary>The header of a replayed response.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    /// <summary>The same header under the name that LangWatch's clients read.</summary>
    public const string LangWatchHeader = "X-Idempotent-Replay";

    public static void IsReplay(ApiResponse first, ApiResponse response)
    {
        Assert.Equal(first.Status, response.Status);
        Assert.Equal(first.Body, response.Body);
        Assert.Equal("true", response.Headers[ReplayedHeader]);
        Assert.Equal("true", response.Headers[LangWatchHeader]);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        Assert.Equal(first.Headers.GetValueOrDefault("Location"), response.Headers.GetValueOrDefault("Location"));
    }

    /// <summary>A replay after other changes hands out the first secret, with the resource as it is now.</summary>
    public static void HasSameSecret(string first, string replayed, ApiResponse response)
    {
        Assert.Equal(first, replayed);
        Assert.Equal("true", response.Headers[ReplayedHeader]);
        Assert.Equal("true", response.Headers[LangWatchHeader]);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
    }

    public static void IsNotReplay(ApiResponse response)
    {
        Assert.True(response.Status is HttpStatusCode.OK or HttpStatusCode.Created, response.Body);
        Assert.DoesNotContain(ReplayedHeader, response.Headers.Keys);
        Assert.DoesNotContain(LangWatchHeader, response.Headers.Keys);
    }
}
