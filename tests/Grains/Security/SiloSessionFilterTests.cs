using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Security.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Security;

public sealed class SiloSessionFilterTests
{
    private static readonly byte[][] Keys = [new byte[32]];

    private readonly SessionTokens _tokens = new(() => Keys, new FakeTimeProvider());

    [Fact]
    public async Task A_call_of_a_grain_carries_the_token_of_silos() =>
        Assert.Equal(_tokens.SiloToken, await GetSentTokenAsync(GrainId.Create("virtual-key", "vk_1")));

    /// <summary>A client that received it could call everything as a silo, or as another client.</summary>
    [Fact]
    public async Task A_call_of_the_observer_of_a_client_carries_no_token()
    {
        RequestContext.Set(SessionToken.ContextKey, "the token of the client that asked for the change");

        Assert.Null(await GetSentTokenAsync(GrainId.Create("sys.client", "client")));
    }

    [Fact]
    public async Task The_request_context_of_the_caller_remains_as_it_is()
    {
        RequestContext.Set(SessionToken.ContextKey, "before");
        await GetSentTokenAsync(GrainId.Create("virtual-key", "vk_1"));

        Assert.Equal("before", RequestContext.Get(SessionToken.ContextKey));
    }

    private async Task<object?> GetSentTokenAsync(GrainId target)
    {
        object? sent = null;
        await new SiloSessionFilter(_tokens).Invoke(new TestOutgoingCall
        {
            TargetId = target,
            Send = () =>
            {
                sent = RequestContext.Get(SessionToken.ContextKey);
                return Task.CompletedTask;
            },
        });
        return sent;
    }
}
