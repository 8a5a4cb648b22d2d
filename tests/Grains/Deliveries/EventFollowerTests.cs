using System.Data.Common;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Tests.TestSilo;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>How events become deliveries, also when the state of a project cannot be read.</summary>
[Collection(ClusterTests.Name)]
public sealed class EventFollowerTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_project_that_cannot_be_read_delays_no_other_and_is_delivered_when_it_can_be_read()
    {
        var follower = new TestEventFollower(cluster);
        var (unreadable, _) = await follower.CreateProjectAsync();
        var (other, _) = await follower.CreateProjectAsync();
        var reads = cluster.Storage.Reads(unreadable.GrainId);
        var first = follower.AddEvent(unreadable);
        var ofOther = follower.AddEvent(other);
        reads.FailNext(2);

        await follower.FollowAsync();
        Assert.Equal([ofOther], follower.GetAdded(other));
        Assert.Empty(follower.GetAdded(unreadable));
        await follower.ContinueDeferredAsync();
        Assert.Single(follower.Logger.Collector.GetSnapshot());

        // Another silo continues. The events since then wait for the earlier ones.
        follower.Restart();
        var second = follower.AddEvent(unreadable);
        await follower.FollowAsync();
        Assert.Empty(follower.GetAdded(unreadable));

        follower.Clock.Advance(DeferredEventFollower.FirstDelay);
        await follower.ContinueDeferredAsync();
        Assert.Equal([first, second], follower.GetAdded(unreadable));
        Assert.Null(follower.Cursor.Deferred);
        Assert.Null(follower.Deliveries.Cursor!.Deferred);

        var third = follower.AddEvent(unreadable);
        await follower.FollowAsync();
        Assert.Equal([first, second, third], follower.GetAdded(unreadable));
    }

    /// <summary>Otherwise the lag of the events would not show that the database fails.</summary>
    [Fact]
    public async Task A_failure_of_the_database_defers_no_project()
    {
        var follower = new TestEventFollower(cluster);
        var (project, webhook) = await follower.CreateProjectAsync();
        var added = follower.AddEvent(project, "webhook.updated", webhook: webhook);
        follower.Deliveries.Resuming = () => Task.FromException(new DatabaseFailure());

        await Assert.ThrowsAsync<DatabaseFailure>(follower.FollowAsync);
        Assert.Null(follower.Deliveries.Cursor);

        follower.Deliveries.Resuming = () => Task.CompletedTask;
        await follower.FollowAsync();
        Assert.Equal([added], follower.GetAdded(project));
        Assert.Null(follower.Cursor.Deferred);
    }

    [Fact]
    public async Task Events_that_are_deferred_while_earlier_ones_are_added_are_not_lost()
    {
        var follower = new TestEventFollower(cluster);
        var (project, _) = await follower.CreateProjectAsync();
        List<long> events = [.. Enumerable.Range(0, 3).Select(_ => follower.AddEvent(project))];
        cluster.Storage.Reads(project.GrainId).FailNext();
        await follower.FollowAsync();

        follower.Events.PageSize = 2;
        await follower.ContinueDeferredAsync();
        events.Add(follower.AddEvent(project));
        await follower.FollowAsync();
        Assert.Equal(events.Take(2).Select(position => (long?)position), follower.GetAdded(project));

        while (follower.Cursor.Deferred is not null) await follower.ContinueDeferredAsync();
        Assert.Equal(events.Select(position => (long?)position), follower.GetAdded(project));
    }

    [Fact]
    public async Task A_deferred_event_with_an_earlier_time_than_those_before_it_is_not_lost()
    {
        var follower = new TestEventFollower(cluster);
        var (project, _) = await follower.CreateProjectAsync();
        var first = follower.AddEvent(project);
        cluster.Storage.Reads(project.GrainId).FailNext();
        await follower.FollowAsync();

        // The clock of another silo is behind.
        var second = follower.AddEvent(project, at: follower.Clock.GetUtcNow() - TestData.Millisecond);
        await follower.FollowAsync();
        while (follower.Cursor.Deferred is not null) await follower.ContinueDeferredAsync();

        Assert.Equal([first, second], follower.GetAdded(project));
    }

    [Fact]
    public async Task A_project_that_cannot_be_read_is_tried_again_after_a_delay()
    {
        var follower = new TestEventFollower(cluster);
        var (project, _) = await follower.CreateProjectAsync();
        var reads = cluster.Storage.Reads(project.GrainId);
        follower.AddEvent(project);
        reads.FailNext(3);
        await follower.FollowAsync();
        await follower.ContinueDeferredAsync();
        var count = reads.Count;

        follower.Clock.Advance(DeferredEventFollower.FirstDelay - TestData.Millisecond);
        await follower.ContinueDeferredAsync();
        Assert.Equal(count, reads.Count);

        follower.Clock.Advance(TestData.Millisecond);
        await follower.ContinueDeferredAsync();
        Assert.Equal(count + 1, reads.Count);
    }

    [Fact]
    public async Task An_event_from_before_its_webhook_was_disabled_is_delivered_whatever_the_clocks_say()
    {
        var follower = new TestEventFollower(cluster);
        var (project, webhook) = await follower.CreateProjectAsync();

        // The clock of the silo of the key is ahead.
        var before = follower.AddEvent(project, at: cluster.Now + TestData.Millisecond);
        await follower.SetDisabledAsync(project, webhook, true);
        follower.AddEvent(project, at: cluster.Now - TestData.Millisecond);
        await follower.FollowAsync();

        Assert.Equal([before], follower.GetAdded(project));
    }

    [Fact]
    public async Task Events_of_the_time_when_a_webhook_was_disabled_are_not_delivered_when_it_is_enabled()
    {
        var follower = new TestEventFollower(cluster);
        var (project, webhook) = await follower.CreateProjectAsync();
        var before = follower.AddEvent(project);
        await follower.SetDisabledAsync(project, webhook, true);
        follower.AddEvent(project);
        cluster.Clock.Advance(TestData.Millisecond);
        var enabling = await follower.SetDisabledAsync(project, webhook, false);
        var after = follower.AddEvent(project);
        await follower.FollowAsync();

        Assert.Equal([before, enabling, after], follower.GetAdded(project));
    }

    [Fact]
    public async Task An_event_from_before_its_webhook_was_created_is_not_delivered()
    {
        var follower = new TestEventFollower(cluster);
        var (project, webhook) = await follower.CreateProjectAsync();
        var createdAt = cluster.Now - TestData.Millisecond;

        // The clocks of the silos of the keys are ahead and behind.
        follower.AddEvent(project, at: createdAt + TestData.Millisecond);
        var creation = follower.AddEvent(project, "webhook.created", createdAt, webhook);
        var after = follower.AddEvent(project, at: createdAt - TestData.Millisecond);
        await follower.FollowAsync();

        Assert.Equal([creation, after], follower.GetAdded(project));
    }

    private sealed class DatabaseFailure : DbException;
}
