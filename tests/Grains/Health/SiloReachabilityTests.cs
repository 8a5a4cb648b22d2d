using KeysCluster.Api.Cluster;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Storage;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime.Messaging;

namespace KeysCluster.Grains.Tests.Health;

public sealed class SiloReachabilityTests
{
    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly SiloReachability _silos;

    public SiloReachabilityTests() => _silos = new SiloReachability(_clock);

    [Fact]
    public void No_silo_is_reachable_before_the_first_response() => Assert.False(_silos.IsReachable);

    [Fact]
    public async Task A_silo_that_has_responded_is_reachable_for_five_seconds()
    {
        await _silos.Invoke(new TestOutgoingCall());

        _clock.Advance(SiloReachability.MaxAge - TestData.Millisecond);
        Assert.True(_silos.IsReachable);

        _clock.Advance(TestData.Millisecond);
        Assert.False(_silos.IsReachable);
    }

    [Fact]
    public async Task The_age_of_a_response_is_counted_from_its_arrival()
    {
        await _silos.Invoke(new TestOutgoingCall
        {
            Send = () =>
            {
                _clock.Advance(SiloReachability.MaxAge);
                return Task.CompletedTask;
            },
        });

        Assert.True(_silos.IsReachable);
    }

    /// <summary>The exceptions of a grain arrive in a response.</summary>
    [Fact]
    public async Task A_silo_that_responds_with_an_error_is_reachable()
    {
        await Assert.ThrowsAsync<StorageUnavailableException>(() => FailAsync(new StorageUnavailableException()));

        Assert.True(_silos.IsReachable);
    }

    public static TheoryData<Exception> LostResponses =>
    [
        new TimeoutException(),
        new OperationCanceledException(),
        new SiloUnavailableException(),
        new ConnectionFailedException(),
    ];

    [Theory]
    [MemberData(nameof(LostResponses))]
    public async Task A_call_without_a_response_does_not_make_the_silos_reachable(Exception exception)
    {
        await Assert.ThrowsAsync(exception.GetType(), () => FailAsync(exception));

        Assert.False(_silos.IsReachable);
    }

    private Task FailAsync(Exception exception) =>
        _silos.Invoke(new TestOutgoingCall { Send = () => Task.FromException(exception) });
}
