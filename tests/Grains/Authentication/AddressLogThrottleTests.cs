using System.Globalization;
using System.Net;
using KeysCluster.Api.Callers;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Authentication;

public sealed class AddressLogThrottleTests
{
    private const int Capacity = AddressLogThrottle.Capacity;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly AddressLogThrottle _throttle;

    public AddressLogThrottleTests() => _throttle = new AddressLogThrottle(_clock);

    [Fact]
    public void An_address_is_logged_once_a_minute_with_the_number_of_suppressed_messages()
    {
        Assert.Equal(0, Enter("192.0.2.1"));
        for (var i = 0; i < 3; i++) Assert.Null(Enter("192.0.2.1"));
        _clock.Advance(Minute - TestData.Millisecond);
        Assert.Null(Enter("192.0.2.1"));

        _clock.Advance(TestData.Millisecond);
        Assert.Equal(4, Enter("192.0.2.1"));
        Assert.Null(Enter("192.0.2.1"));
        _clock.Advance(Minute);
        Assert.Equal(1, Enter("192.0.2.1"));
        _clock.Advance(Minute);
        Assert.Equal(0, Enter("192.0.2.1"));
    }

    [Fact]
    public void Addresses_do_not_suppress_each_other()
    {
        foreach (var address in (string[])["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"])
            Assert.Equal(0, Enter(address));
    }

    [Fact]
    public void All_addresses_of_a_slash_64_of_IPv6_count_as_one()
    {
        Assert.Equal(0, Enter("2001:db8:1:2::1"));
        Assert.Null(Enter("2001:db8:1:2::2"));
        Assert.Null(Enter("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.Equal(0, Enter("2001:db8:1:3::1"));

        _clock.Advance(Minute);
        Assert.Equal(2, Enter("2001:db8:1:2:3:4:5:6"));
    }

    [Fact]
    public void The_number_of_tracked_addresses_is_limited_and_the_oldest_one_is_evicted()
    {
        for (var i = 0; i < Capacity; i++) Assert.Equal(0, Enter(i));
        Assert.Null(Enter(0));

        Assert.Equal(0, Enter(Capacity));

        for (var i = 1; i <= Capacity; i++) Assert.Null(Enter(i));
        Assert.Equal(0, Enter(0));
    }

    [Fact]
    public void An_address_whose_message_was_repeated_is_not_the_oldest()
    {
        for (var i = 0; i < Capacity; i++) Enter(i);
        _clock.Advance(Minute);
        Assert.Equal(0, Enter(0));

        Enter(Capacity);

        Assert.Null(Enter(0));
    }

    private static IPAddress GetAddress(int number) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{number / 256}.{number % 256}"));

    /// <summary>Returns the number of suppressed messages; null if this one is suppressed.</summary>
    private long? Enter(string address) => Enter(IPAddress.Parse(address));

    private long? Enter(int number) => Enter(GetAddress(number));

    private long? Enter(IPAddress address) => _throttle.TryEnter(address, out var suppressed) ? suppressed : null;
}
